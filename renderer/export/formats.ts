// The export formats as people choose among them: what each is called, ends in and is good for.

import { exportFormat, type ExportFormat } from '../../shared/contract.ts';
import type { Laboratory } from '../stores/laboratory.ts';
import type { Command } from '../ui/commands.ts';

interface FormatWords {
  readonly title: string;
  /** As a file ends. */
  readonly extension: string;
  /** Who or what reads it. */
  readonly use: string;
}

export const FORMATS: readonly ExportFormat[] = exportFormat.options;

export const FORMAT_WORDS: Readonly<Record<ExportFormat, FormatWords>> = {
  har: { title: 'HAR', extension: '.har', use: 'Network panels of browsers, proxies and HTTP tools' },
  ndjson: { title: 'Events', extension: '.ndjson', use: 'jq and scripts: one line of JSON an event' },
  curl: { title: 'curl', extension: '.sh', use: 'A shell: sends the requests again' },
  http: { title: 'HTTP text', extension: '.txt', use: 'Reading, comparing, reporting' },
  'trace-event': { title: 'Trace', extension: '.trace.json', use: 'Perfetto, speedscope, Chrome tracing' },
};

/** The dialog, and each format at once. */
export function exportCommands(laboratory: Laboratory): Command[] {
  return [
    {
      id: 'export',
      title: 'Export…',
      group: 'Session',
      key: 'Mod+E',
      run: () => laboratory.dialogs.show('export'),
    },
    ...FORMATS.map((format): Command => ({
      id: `export-${format}`,
      title: `Export as ${FORMAT_WORDS[format].title} (${FORMAT_WORDS[format].extension})`,
      group: 'Session',
      run: () => void laboratory.exportAs(format),
    })),
  ];
}
