// The timeline as text: one line an event that a person cares about, in the order in which it happened.

import {
  ClosedBy,
  type EventRow,
  isSeenByClient,
  Kind,
  Layer,
  MESSAGE_OF_CLIENT,
  MESSAGE_TYPE,
  MessageType,
  NoteLevel,
  OperationState,
  unpackFault,
} from '../../shared/model/events.ts';
import type { Model } from '../../shared/model/model.ts';

/**
 * Text of a peer as a terminal may show it: controls (C0 and C1) escaped, so that none is carried out, and credentials in
 * a URL left out.
 */
export function forTerminal(text: string): string {
  return text
    .replaceAll(/(\/\/)[^\s/@?#<>"]*@/g, '$1…@')
    .replaceAll(/\p{Cc}/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

const number = new Intl.NumberFormat('en-US');
const bytes = (count: number): string => number.format(count);

/** The lines of rows first … model.folded. */
export function timeline(model: Model, first = 0): string[] {
  const lines: string[] = [];
  for (let row = first; row < model.folded; row++) {
    const event = model.events.row(row);
    const text = line(model, event);
    if (text === null) continue;
    const connection = event.connection === 0 ? '   ' : `c${event.connection}`.padEnd(3);
    lines.push(`${(event.time / 1e9).toFixed(3).padStart(8)} s  ${connection} ${forTerminal(text)}`);
  }
  return lines;
}

/** The requests and what became of them, after the fact. */
export function summary(model: Model): string[] {
  const lines: string[] = [];
  for (const operation of model.operations) {
    const state = model.operationState(operation);
    const name = Object.entries(OperationState).find(([, value]) => value === state?.state)?.[0] ?? '';
    lines.push(forTerminal(`${operation.title}: ${name}${state?.why ? ` (${state.why})` : ''}`));
    const map = operation.upload.empty ? operation.download : operation.upload;
    const length = map.lengthAt();
    if (length === null) continue;
    const layers = (['sent', 'received', 'acknowledged'] as const).map(
      (layer) => `${layer} ${bytes(map.total(Layer[layer]))}`,
    );
    lines.push(`  of ${bytes(length)} bytes: ${layers.join(', ')}`);
  }
  return lines;
}

function line(model: Model, event: EventRow): string | null {
  const connection = model.connections[event.connection - 1];
  const told = connection?.client === true ? 'client' : 'server';
  switch (event.kind) {
    case Kind.connectionOpened:
      // Both ends open; one line says it.
      return event.code === 2 && connection?.client === true ? null : `opened ${event.text}`;
    case Kind.exchange:
      return `→ ${event.text}`;
    case Kind.interimReceived:
      return told === 'client' ? `← ${event.code} ${event.text}`.trimEnd() : null;
    case Kind.interimSent:
      return told === 'server' ? `← ${event.code} ${event.text}`.trimEnd() : null;
    case Kind.finalReceived:
      return told === 'client' ? `← ${event.code} ${event.text}`.trimEnd() : null;
    case Kind.finalSent:
      return told === 'server' ? `← ${event.code} ${event.text}`.trimEnd() : null;
    case Kind.message:
      return isSeenByClient(event.code) === (told === 'client') ? messageLine(event) : null;
    case Kind.document:
      return `  inside: ${event.code} ${event.text}`.trimEnd();
    case Kind.fault: {
      const fault = unpackFault(event.code);
      const what = fault.cut === null ? fault.action : `${fault.action} (${fault.cut})`;
      return `✂ ${what} at the ${fault.end}, ${fault.direction}, byte ${bytes(event.a)}`;
    }
    case Kind.connectionClosed: {
      const end = event.b === 1 ? 'server' : 'client';
      const how = ['', 'FIN', 'RST', 'silence', 'error'][event.code] ?? '';
      const by =
        event.a === ClosedBy.fault ? 'a fault' : event.a === ClosedBy.client ? 'the client' : 'the server';
      return `closed at the ${end}: ${how} by ${by}${event.text === '' ? '' : ` (${event.text})`}`;
    }
    case Kind.step:
      return `· ${event.text.slice(event.text.indexOf('|') + 1)}`;
    case Kind.note: {
      const [code = '', side = '', rfc = ''] = event.text.split('|');
      return `! ${event.code === NoteLevel.error ? 'error' : 'note'}: ${code} by the ${side}, byte ${bytes(event.a)} (${rfc})`;
    }
    default:
      return null;
  }
}

/** A message of a stream: `«` comes from the server, `»` from the client. */
function messageLine({ code, text }: EventRow): string {
  const name = Object.entries(MessageType).find(([, value]) => value === (code & MESSAGE_TYPE))?.[0] ?? '';
  return `${(code & MESSAGE_OF_CLIENT) === 0 ? '«' : '»'} ${name} ${text}`.trimEnd();
}
