// The time axis: where its lines stand and what they say. Pure.

import type { Viewport } from './viewport.ts';

export interface TimeTick {
  readonly time: number;
  /** Empty for a line between two labelled ones. */
  readonly label: string;
}

const SECOND = 1e9;
/** Steps above a second, in seconds: clock-like rather than decimal. */
const CLOCK = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** The smallest step, in nanoseconds, that keeps labels `apart` pixels from each other. */
export function timeStep(view: Viewport, apart: number): number {
  const wanted = (view.span / view.width) * apart;
  if (wanted > SECOND) {
    const clock = CLOCK.find((seconds) => seconds * SECOND >= wanted);
    if (clock !== undefined) return clock * SECOND;
    return Math.ceil(wanted / (86_400 * SECOND)) * 86_400 * SECOND;
  }
  let power = 1;
  while (power * 10 < wanted) power *= 10;
  return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= wanted) ?? SECOND;
}

/** Lines from left to right, half of them labelled; none before the session began. */
export function timeTicks(view: Viewport, apart = 96): TimeTick[] {
  const step = timeStep(view, apart);
  const half = step / 2;
  const ticks: TimeTick[] = [];
  const last = view.from + view.span;
  for (let index = Math.max(0, Math.ceil(view.from / half)); index * half <= last; index++)
    ticks.push({ time: index * half, label: index % 2 === 0 ? timeLabel(index * half, step, last) : '' });
  return ticks;
}

/**
 * `3 s`, `0.25 s`, `2:30`; as many decimals as the step needs, in the unit that keeps `last`, the last moment in
 * view, readable: a session of microseconds is told in microseconds.
 */
export function timeLabel(time: number, step: number, last = Infinity): string {
  if (last < 1e6) return `${decimal(time / 1e3, step / 1e3)} µs`;
  if (last < SECOND / 2) return `${decimal(time / 1e6, step / 1e6)} ms`;
  const seconds = time / SECOND;
  if (step < SECOND || seconds < 60) return `${decimal(seconds, step / SECOND)} s`;
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

function decimal(value: number, step: number): string {
  return value.toFixed(Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
}
