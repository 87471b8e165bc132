// The playback slider: a session's time in steps that a slider can take, and times as the bar writes them. Pure.

/** Positions of the slider, end to end. */
export const SLIDER_STEPS = 10_000;

/** Slider position of a time; the end for times at or past the end. */
export function toSlider(time: number, endTime: number): number {
  if (time >= endTime || endTime <= 0) return SLIDER_STEPS;
  return Math.round((Math.max(0, time) / endTime) * SLIDER_STEPS);
}

/** The time of a slider position; Infinity at the end. */
export function fromSlider(position: number, endTime: number): number {
  return position >= SLIDER_STEPS ? Infinity : (position / SLIDER_STEPS) * endTime;
}
