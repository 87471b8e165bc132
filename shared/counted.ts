// A number and what it counts, for a sentence. Pure.

/** `1 resume`, `2 resumes` */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
