// One exchange as messages: the request, each interim response, the final one; start line, fields in order, trailers.

import { useState } from 'react';
import { Button, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { Kind } from '../../shared/model/events.ts';
import type { Exchange } from '../../shared/model/model.ts';
import { ComposeFrom } from '../compose/ComposeFrom.tsx';
import { partText, textOf } from '../copy/copy.ts';
import { CopyButton } from '../copy/CopyButton.tsx';
import '../copy/copy.css';
import { useLaboratory, useModel, usePlayheadTime, useSelected } from '../stores/context.ts';
import { count, counted } from '../timeline/format.ts';
import { Hint } from '../ui/Hint.tsx';
import type { HexPlace } from './Hex.tsx';
import { fieldHelp } from './field-help.ts';
import { LISTED_INTERIMS, type Part, partsOf, readMessage } from './message.ts';
import { useExplained } from './use-explained.ts';

interface MessageProps {
  readonly exchange: Exchange | null;
  readonly onHex: (place: HexPlace) => void;
}

export function Message({ exchange, onHex }: MessageProps) {
  const { model } = useModel();
  const time = usePlayheadTime();
  const selected = useSelected();
  const [chosen, setChosen] = useState<{ exchange: number; part: string; selected: unknown } | null>(null);
  if (exchange === null)
    return <div className="empty">Select a request or a response in the timeline to read it here.</div>;

  const parts = partsOf(model, exchange, time);
  const bySelection = selected?.kind === 'event' ? parts.find(({ row }) => row === selected.id) : undefined;
  const byChoice =
    chosen?.exchange === exchange.id && chosen.selected === selected
      ? parts.find(({ id }) => id === chosen.part)
      : undefined;
  const finalSelected =
    selected?.kind === 'event' && isFinal(model.events.columns.kind[selected.id])
      ? parts.find(({ id }) => id === 'final')
      : undefined;
  const part = byChoice ?? bySelection ?? finalSelected ?? parts[0];
  if (part === undefined)
    return <div className="empty">The head of this message has not come whole yet.</div>;
  const more = exchange.interim.length - LISTED_INTERIMS;

  return (
    <div className="message">
      <ToggleButtonGroup
        className="parts"
        aria-label="Messages of the exchange"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[part.id]}
        onSelectionChange={(keys) => {
          for (const key of keys) setChosen({ exchange: exchange.id, part: String(key), selected });
        }}
      >
        {parts.map((one) => (
          <ToggleButton
            key={one.id}
            id={one.id}
            className="chip part"
            data-tone={one.kind === 'request' ? 'request' : one.kind}
          >
            <span className="dot" />
            <span className="mono">{one.label}</span>
          </ToggleButton>
        ))}
        {more > 0 ? <span className="hint">and {count(more)} more interim responses</span> : null}
      </ToggleButtonGroup>
      <PartView key={part.id} exchange={exchange} part={part} onHex={onHex} />
    </div>
  );
}

function isFinal(kind: number | undefined): boolean {
  return kind === Kind.finalSent || kind === Kind.finalReceived;
}

interface PartViewProps {
  readonly exchange: Exchange;
  readonly part: Part;
  readonly onHex: (place: HexPlace) => void;
}

/** Trailers are looked for in messages up to this length. */
const WHOLE = 256 * 1024;

function PartView({ exchange, part, onHex }: PartViewProps) {
  const laboratory = useLaboratory();
  const whole = part.complete && !Number.isNaN(part.end) && part.end - part.start <= WHOLE;
  const explained = useExplained({
    connection: exchange.connection,
    stream: part.stream,
    start: part.start,
    end: whole ? Math.max(part.end, part.headEnd) : part.headEnd,
    method: exchange.method,
    settled: true,
  });
  if (explained === null) return <div className="empty">Reading…</div>;
  if (!explained.kept)
    return (
      <div className="empty">
        These bytes were counted, not kept: the session was over its budget when they came.
      </div>
    );
  const message = readMessage(explained.spans);
  const content = Number.isNaN(part.end) ? 0 : part.end - part.headEnd;
  return (
    <div className="part-view selectable">
      <p className="start-line mono">
        {message.startLine.map(({ kind, text }, index) => (
          <span key={kind} className={`span-${kind}`}>
            {index === 0 ? '' : ' '}
            {text}
          </span>
        ))}
      </p>
      <dl className="fields" aria-label="Fields">
        {message.fields.map((field) => (
          <Field key={field.start} name={field.name} value={field.value} />
        ))}
      </dl>
      {message.trailers.length === 0 ? null : (
        <>
          <h3 className="section-title">Trailers</h3>
          <dl className="fields" aria-label="Trailers">
            {message.trailers.map((field) => (
              <Field key={field.start} name={field.name} value={field.value} />
            ))}
          </dl>
        </>
      )}
      <p className="content-line">
        <span className={part.complete ? '' : 'short'}>
          {part.kind === 'interim'
            ? 'An interim response has no content.'
            : content > 0
              ? `${counted(content, 'byte')} on the wire after the head${part.complete ? '' : ', cut short'}`
              : part.complete
                ? 'No content.'
                : 'Ended before its content.'}
        </span>
        <Button
          className="button plain small"
          onPress={() => onHex({ stream: part.stream, position: part.start })}
        >
          Show its bytes
        </Button>
      </p>
      <div className="copy-line" role="group" aria-label="Copy">
        {part.kind === 'request' ? (
          <CopyButton
            label="Copy as curl"
            words="Copy as curl"
            text={() => textOf(laboratory, exchange, 'curl')}
          />
        ) : null}
        <CopyButton
          label="Copy as HTTP"
          words="Copy as HTTP"
          text={() => partText(laboratory, exchange, part)}
        />
      </div>
      {part.kind === 'request' ? <ComposeFrom exchange={exchange} /> : null}
    </div>
  );
}

function Field({ name, value }: { readonly name: string; readonly value: string }) {
  const help = fieldHelp(name);
  return (
    <div className="field-line">
      <dt>
        {help === null ? (
          <span className="mono">{name}</span>
        ) : (
          <Hint text={`${help.meaning} ${help.source}`}>
            <Button className="field-name mono">{name}</Button>
          </Hint>
        )}
      </dt>
      <dd className="field-value">
        <span className="mono" dir="auto">
          {value}
        </span>
        <CopyButton label={`Copy the value of ${name}`} text={() => value} />
      </dd>
    </div>
  );
}
