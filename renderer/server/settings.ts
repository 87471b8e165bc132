// The settings of the test server as its form holds them, and as they can be set. Pure.

import type { ServerSettings } from '../../shared/contract.ts';
import { type Bounds, readFigure } from '../ui/figure.ts';

type FigureName = Exclude<keyof ServerSettings, 'transaction'>;
export type Transaction = ServerSettings['transaction'];

/** A setting that is a whole number. */
export interface SettingFigure extends Bounds {
  readonly name: FigureName;
  readonly label: string;
  readonly hint: string;
}

/** Bounds as in the contract's `serverSettings`. */
export const SETTING_FIGURES: readonly SettingFigure[] = [
  {
    name: 'interimLimit',
    label: 'Interim responses to a request',
    hint: 'At most, on connections opened from now on. Common proxies give up after more than 10.',
    least: 0,
    most: 1_000_000,
  },
  {
    name: 'incompleteStatus',
    label: 'Status of incomplete content',
    hint: '299 says that what is there is not all of it; any other 2xx hides that.',
    least: 200,
    most: 299,
  },
  {
    name: 'acknowledgeBytes',
    label: 'Bytes between acknowledgements',
    hint: 'At least so many more bytes are stored before the next Acknowledge.',
    least: 1024,
    most: 1_000_000_000,
  },
  {
    name: 'stepMilliseconds',
    label: 'A step of a job, ms',
    hint: 'How long each step takes, of jobs that are begun from now on.',
    least: 1,
    most: 60_000,
  },
  {
    name: 'silenceMilliseconds',
    label: 'Longest silence, ms',
    hint: 'After this time a client that waits is told again how things stand.',
    least: 100,
    most: 600_000,
  },
];

export const TRANSACTIONS: readonly {
  readonly id: Transaction;
  readonly text: string;
  readonly hint: string;
}[] = [
  { id: 'by-method', text: 'As the method has it', hint: 'a PUT is whole or not at all' },
  { id: 'atomic', text: 'Atomic', hint: 'all or nothing' },
  { id: 'persist', text: 'Persist', hint: 'every byte as it comes' },
];

export interface SettingsDraft {
  readonly transaction: Transaction;
  /** As typed. */
  readonly figures: Readonly<Record<FigureName, string>>;
}

export function draftOf(settings: ServerSettings): SettingsDraft {
  const typed = (name: FigureName): string => String(settings[name]);
  return {
    transaction: settings.transaction,
    figures: {
      interimLimit: typed('interimLimit'),
      incompleteStatus: typed('incompleteStatus'),
      acknowledgeBytes: typed('acknowledgeBytes'),
      stepMilliseconds: typed('stepMilliseconds'),
      silenceMilliseconds: typed('silenceMilliseconds'),
    },
  };
}

/** What a draft says; null while one of its figures is wrong. */
export function readSettings({ transaction, figures }: SettingsDraft): ServerSettings | null {
  const read: Partial<Record<FigureName, number>> = {};
  for (const figure of SETTING_FIGURES) {
    const value = readFigure(figure, figures[figure.name]);
    if (typeof value === 'string') return null;
    read[figure.name] = value;
  }
  return { transaction, ...(read as Record<FigureName, number>) };
}
