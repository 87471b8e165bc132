// What the settings offer, in words. Pure.

import { PACES, paceLabel } from '../faults/labels.ts';
import type { Contrast, Motion, Theme } from '../stores/preferences.ts';

export interface Choice<T> {
  readonly value: T;
  readonly label: string;
}

export const THEMES: readonly Choice<Theme>[] = [
  { value: 'system', label: 'As the system' },
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
];

export const CONTRASTS: readonly Choice<Contrast>[] = [
  { value: 'system', label: 'As the system' },
  { value: 'more', label: 'High' },
];

export const MOTIONS: readonly Choice<Motion>[] = [
  { value: 'system', label: 'As the system' },
  { value: 'less', label: 'None' },
];

export const PACE_CHOICES: readonly Choice<number>[] = PACES.map((value) => ({
  value,
  label: paceLabel(value),
}));

const MIB = 1024 * 1024;
/** Bytes of one session that are kept. */
export const KEEPING: readonly Choice<number>[] = [
  { value: 64 * MIB, label: '64 MiB' },
  { value: 256 * MIB, label: '256 MiB' },
  { value: 1024 * MIB, label: '1 GiB' },
  { value: 8 * 1024 * MIB, label: '8 GiB' },
];

export const YES_NO: readonly Choice<boolean>[] = [
  { value: true, label: 'Yes' },
  { value: false, label: 'No' },
];
