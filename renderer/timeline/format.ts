// Numbers as the drawn panels write them: grouped bytes, times of the session, spans. Pure; never rounds a byte count.

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `1,000,000` */
export function count(value: number): string {
  return GROUPED.format(value);
}

/** A count with its noun: `1 byte`, `1,000,000 bytes`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Bytes in few letters, for where a whole count has no room: `999 B`, `1.9 MB`, `268 kB`. */
export function shortBytes(value: number): string {
  if (value < 1000) return `${value} B`;
  const units = ['kB', 'MB', 'GB', 'TB', 'PB'];
  let scaled = value / 1000;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${scaled < 9.95 ? scaled.toFixed(1) : scaled.toFixed(0)} ${units[unit]}`;
}

/** A moment of the session, nanoseconds since it began: `1.302 s`, `2:05.120`. */
export function moment(ns: number): string {
  const seconds = ns / 1e9;
  if (seconds < 60) return `${seconds.toFixed(3)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${(seconds - minutes * 60).toFixed(3).padStart(6, '0')}`;
}

/** A span of nanoseconds with three digits or fewer: `40 µs`, `12.5 ms`, `1.2 s`, `2 min 5 s`. */
export function span(ns: number): string {
  const digits = (value: number, unit: string): string =>
    `${value < 99.95 ? Number(value.toFixed(1)) : Math.round(value)} ${unit}`;
  if (ns < 1e3) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return digits(ns / 1e3, 'µs');
  if (ns < 1e9) return digits(ns / 1e6, 'ms');
  if (ns < 60e9) return digits(ns / 1e9, 's');
  const seconds = Math.round(ns / 1e9);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** Bytes a second: `250 kB/s`. */
export function rate(bytesPerSecond: number): string {
  return `${shortBytes(Math.round(bytesPerSecond))}/s`;
}

/** Shortens to `characters`, leaving out the middle or the beginning, where paths differ least. */
export function shorten(text: string, characters: number): string {
  if (text.length <= characters) return text;
  if (characters < 4) return text.slice(0, Math.max(0, characters));
  return `…${text.slice(text.length - characters + 1)}`;
}
