// Both messages of a row, line beside line: what counts as a difference is marked, what differs between any two runs is only
// hinted at. Decides neither: the row says it.

import type { Difference } from '../../shared/compare/differences.ts';
import type { ComparedMessage, ComparedSide, SidesRow } from '../../shared/compare/sides.ts';
import { counted as number } from '../../shared/counted.ts';

interface Line {
  readonly name: string;
  readonly one: string | null;
  readonly other: string | null;
  readonly differs: Difference['level'] | null;
}

interface SidesProps {
  readonly row: SidesRow;
  readonly one: string;
  readonly other: string;
}

export function Sides({ row, one, other }: SidesProps) {
  return (
    <div className="sides" role="region" aria-label="Both messages" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">What</span>
            </th>
            <th scope="col" className="ellipsis">
              {one}
            </th>
            <th scope="col" className="ellipsis">
              {other}
            </th>
          </tr>
        </thead>
        <Part title="Request" lines={requestLines(row)} />
        <Part title="Response" lines={responseLines(row)} />
      </table>
    </div>
  );
}

function Part({ title, lines }: { readonly title: string; readonly lines: readonly Line[] }) {
  return (
    <tbody>
      <tr>
        <th colSpan={3} scope="rowgroup" className="section-title">
          {title}
        </th>
      </tr>
      {lines.map(({ name, one, other, differs }, index) => (
        <tr key={index} data-differs={differs ?? undefined}>
          <th scope="row">
            {name}
            {differs === 'differs' ? (
              <span className="sides-sign" role="img" aria-label=" (differs)">
                ≠
              </span>
            ) : null}
          </th>
          <td className="mono selectable">{one ?? <span className="sides-gap">none</span>}</td>
          <td className="mono selectable">{other ?? <span className="sides-gap">none</span>}</td>
        </tr>
      ))}
    </tbody>
  );
}

function requestLines(row: SidesRow): Line[] {
  const { one, other } = row;
  const first = (side: ComparedSide | null): string | null =>
    side === null ? null : `${side.method} ${side.target}`;
  return [
    line('Request line', first(one), first(other), counted('target', row)),
    ...fieldLines('request', row),
  ];
}

function responseLines(row: SidesRow): Line[] {
  const { one, other } = row;
  const first = (side: ComparedSide | null): string | null =>
    side === null || side.status === null ? null : `${side.status} ${side.reason}`.trim();
  const interim = (side: ComparedSide | null): string | null =>
    side === null || side.interimCount === 0
      ? null
      : side.interim.join(' ') + (side.interimCount > side.interim.length ? ` … (${side.interimCount})` : '');
  return [
    ...(interim(one) === null && interim(other) === null
      ? []
      : [line('Interim', interim(one), interim(other), counted('interim', row))]),
    line('Status', first(one), first(other), counted('status', row)),
    ...fieldLines('response', row),
    line('Duration', duration(one), duration(other), false),
  ];
}

/** Field lines of both, in the order of the first; then the content. */
function fieldLines(of: 'request' | 'response', row: SidesRow): Line[] {
  const one = row.one?.[of] ?? null;
  const other = row.other?.[of] ?? null;
  const left = grouped(one);
  const right = grouped(other);
  const names = [...left.keys(), ...[...right.keys()].filter((name) => !left.has(name))];
  return [
    ...names.map((key) => {
      const [ours, theirs] = [left.get(key), right.get(key)];
      const counts = counted(`${of}-field`, row, key);
      return line((ours ?? theirs)!.name, ours?.value ?? null, theirs?.value ?? null, counts);
    }),
    line('Content', content(one), content(other), counted(`${of}-content`, row)),
  ];
}

function grouped(message: ComparedMessage | null): Map<string, { name: string; value: string }> {
  const found = new Map<string, { name: string; value: string }>();
  for (const [name, value] of message?.fields ?? []) {
    const known = found.get(name.toLowerCase());
    if (known === undefined) found.set(name.toLowerCase(), { name, value });
    else known.value += `, ${value}`;
  }
  return found;
}

function content(message: ComparedMessage | null): string | null {
  if (message === null) return null;
  const { length, digest, whole } = message;
  const bytes = number(length, 'byte').replace(/^\d+/, length.toLocaleString('en-US'));
  const sum = length === 0 ? '' : digest === null ? ', not all kept' : `, SHA-256 ${digest.slice(0, 12)}…`;
  return `${bytes}${sum}${whole ? '' : ', cut short'}`;
}

function duration(side: ComparedSide | null): string | null {
  return side === null || side.took === null ? null : `${(side.took / 1e6).toFixed(1)} ms`;
}

function line(name: string, one: string | null, other: string | null, counts: boolean): Line {
  return { name, one, other, differs: one === other ? null : counts ? 'differs' : 'information' };
}

/** Whether a difference of that kind, and of that field, counts in a row. */
function counted(kind: Difference['kind'], { differences }: SidesRow, name?: string): boolean {
  return differences.some(
    (found) =>
      found.level === 'differs' &&
      (found.kind === kind || found.kind === 'missing' || found.kind === 'extra') &&
      (name === undefined || found.name === undefined || found.name.toLowerCase() === name),
  );
}
