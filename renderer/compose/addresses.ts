// Addresses to choose from: those that something was sent to, and what the test server has for every kind of request. Pure.

/** Paths of the test server, and what they are for. */
const SAMPLES: readonly (readonly [path: string, what: string])[] = [
  ['interims', 'interim responses'],
  ['collection', 'a POST that can be resumed, then a job'],
  ['capture', 'an upload, then a job'],
  ['uploads/example.bin', 'a file: GET, PUT, PATCH'],
  ['resumable', 'uploads of the IETF draft'],
  ['tus', 'uploads of tus'],
  ['working', 'work that takes its time'],
  ['delayed', 'a response that is not ready'],
  ['waiting/jobs', 'a job to wait for'],
  ['failing', 'a 200 that goes wrong'],
];

export interface Address {
  readonly id: string;
  /** What it is for; '' for one that was used. */
  readonly what: string;
}

/** @param server root of the test server; '' before it is known */
export function addresses(recent: readonly string[], server: string): readonly Address[] {
  const samples = server === '' ? [] : SAMPLES.map(([path, what]) => ({ id: server + path, what }));
  const used = recent.filter((url) => samples.every(({ id }) => id !== url));
  return [...used.map((id) => ({ id, what: '' })), ...samples];
}
