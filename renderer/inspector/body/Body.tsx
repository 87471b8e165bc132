// The content of the selected exchange's request or response, out of its framing: how much of it there is, shown by its
// type, to be copied and saved. Reads the first of it, and more when asked.

import { type ReactNode, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { piecemeal } from '../../../shared/body/representation.ts';
import type { Stream } from '../../../shared/capture/records.ts';
import { parseContentRange } from '../../../shared/fields/content-range.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { Kind } from '../../../shared/model/events.ts';
import { BarKind, type Exchange, type Model } from '../../../shared/model/model.ts';
import { useLaboratory, useModel, usePlayheadTime, useSelected } from '../../stores/context.ts';
import { counted, shortBytes } from '../../timeline/format.ts';
import type { Selection } from '../../timeline/types.ts';
import { Joined } from '../../ui/Joined.tsx';
import type { HexPlace } from '../Hex.tsx';
import { type Part, partsOf } from '../message.ts';
import { Assembled, type Together } from './Assembled.tsx';
import { CopyMenu, SaveButton, TogetherActions } from './BodyActions.tsx';
import { BodyContent } from './BodyContent.tsx';
import { partAt } from './past.ts';
import { type BodyState, MOST, STEP } from './source.ts';
import { useBody } from './use-body.ts';
import { extentWords } from './words.ts';
import './body.css';

/** Of one message, or of all that the operation's exchanges brought together. */
type Whose = Stream | 'all';

const MESSAGES: readonly Whose[] = ['request', 'response'];
const ALL: readonly Whose[] = [...MESSAGES, 'all'];
const NAMES: Record<Whose, string> = { request: 'Request', response: 'Response', all: 'All pieces' };

interface BodyProps {
  readonly exchange: Exchange | null;
  readonly onHex: (place: HexPlace) => void;
  readonly onMessages: () => void;
}

export function Body({ exchange, onHex, onMessages }: BodyProps) {
  const { model } = useModel();
  const time = usePlayheadTime();
  const selected = useSelected();
  const [chosen, setChosen] = useState<{ exchange: number; selected: unknown; whose: Whose } | null>(null);
  const [found, setFound] = useState<Together | null>(null);
  if (exchange === null)
    return <div className="empty">Select a request or a response in the timeline to see its content.</div>;
  const parts = partsOf(model, exchange, time).filter(({ kind }) => kind !== 'interim');
  const byChoice = chosen?.exchange === exchange.id && chosen.selected === selected ? chosen.whose : null;
  const operation = model.operations[exchange.operation];
  const together = operation === undefined ? null : piecemeal(operation);
  const byUser = byChoice === 'all' && together === null ? null : byChoice;
  const wanted: Whose = byUser ?? bySelection(model, selected) ?? byContent(parts);
  const part = parts.find(({ stream }) => stream === wanted);
  const whose = (
    <div className="body-whose">
      <Joined
        label="Whose content"
        of={together === null ? MESSAGES : ALL}
        chosen={wanted}
        onChoose={(next) => setChosen({ exchange: exchange.id, selected, whose: next })}
        name={(one) => NAMES[one]}
      />
      {exchange.messages.length === 0 || wanted !== 'response' ? null : (
        <Button className="button plain small" onPress={onMessages}>
          {counted(exchange.messages.length, 'message')}
        </Button>
      )}
    </div>
  );
  const instead =
    wanted === 'all' && operation !== undefined && together !== null ? (
      <Assembled key={operation.id} operation={operation} stream={together} onFound={setFound} />
    ) : part === undefined ? (
      <div className="empty">
        {wanted === 'request'
          ? 'The head of the request has not come whole yet.'
          : 'There is no final response yet.'}
      </div>
    ) : null;
  return (
    <div className="body-panel">
      <PartBody
        exchange={exchange}
        part={instead === null ? (part ?? null) : null}
        whose={whose}
        instead={instead}
        beside={found === null ? null : <TogetherActions together={found} target={exchange.target} />}
        onHex={() => {
          if (part !== undefined) onHex({ stream: part.stream, position: part.headEnd });
        }}
      />
    </div>
  );
}

/** The stream of an event that is selected, where it is one of a message. */
function bySelection(model: Model, selected: Selection | null): Stream | null {
  if (selected?.kind !== 'event') return null;
  switch (model.events.columns.kind[selected.id]) {
    case Kind.finalSent:
    case Kind.finalReceived:
    case Kind.responseEnd:
      return 'response';
    case Kind.requestHead:
    case Kind.requestEnd:
      return 'request';
    default:
      return null;
  }
}

/** What has content; of two the response, which tells what became of the request. */
function byContent(parts: readonly Part[]): Stream {
  const filled = parts.findLast(({ end, headEnd }) => end > headEnd);
  return filled?.stream ?? 'response';
}

interface PartBodyProps {
  readonly exchange: Exchange;
  /** Null: what stands instead is shown. */
  readonly part: Part | null;
  /** Where another part is chosen: it stays where it is, with the focus, whatever is chosen. */
  readonly whose: ReactNode;
  readonly instead: ReactNode;
  /** What is done with what stands instead. */
  readonly beside: ReactNode;
  readonly onHex: () => void;
}

function PartBody({ exchange, part, whose, instead, beside, onHex }: PartBodyProps) {
  const { model } = useModel();
  const time = usePlayheadTime();
  const isPlaying = useStore(useLaboratory().playhead.store, (state) => state.playing);
  const past = part === null ? null : partAt(model, exchange, part, time);
  const { connection, method } = exchange;
  const source = useBody({
    connection,
    method,
    part: past?.part ?? null,
    moving: past?.over === false && (isPlaying || time === Infinity),
  });
  const shown = useRef<Uint8Array | null>(null);
  const { state } = source;
  const problem = state === null ? 'Reading…' : problemOf(state);
  if (part === null || past === null || state === null || problem !== null)
    return (
      <>
        <div className="body-bar">
          {whose}
          {instead === null ? null : beside}
        </div>
        {instead ?? <div className="empty">{problem}</div>}
      </>
    );
  const key = `${exchange.id} ${part.stream}`;
  const extent = extentWords({
    stream: part.stream,
    size: state.content.length,
    announced: state.announced,
    complete: state.complete,
    missing: state.missing,
    broken: state.broken,
    more: state.more,
    growing: !past.over,
    arrived: arrivedBytes(model, exchange, part, state, time),
  });
  return (
    <>
      <div className="body-bar">
        {whose}
        {state.content.length === 0 ? null : (
          <>
            <CopyMenu state={state} bytes={() => shown.current ?? state.content} />
            <SaveButton key={key} exchange={exchange} part={part} state={state} />
          </>
        )}
      </div>
      <p className={`body-note${extent.short ? ' short' : ''}`} role="status">
        {state.contentRange === '' ? '' : `${state.contentRange}: `}
        {extent.text}
      </p>
      <BodyContent
        key={key}
        content={state.content}
        contentType={state.contentType}
        contentEncoding={state.contentEncoding}
        whole={state.complete && !state.more}
        name={`the ${part.stream}`}
        origin={firstOf(state.contentRange)}
        depth={0}
        onShown={(bytes) => {
          shown.current = bytes;
        }}
      />
      {state.more || state.missing ? (
        <div className="body-bar body-foot">
          <span className="hint grow">
            {state.canLoad || !state.more
              ? ''
              : `More than ${shortBytes(MOST)} is not shown here: save it, or look at the Hex tab.`}
          </span>
          {state.canLoad ? (
            <Button className="button small" onPress={() => source.load()}>
              Show {shortBytes(STEP)} more
            </Button>
          ) : null}
          <Button className="button plain small" onPress={onHex}>
            Show it on the wire
          </Button>
        </div>
      ) : null}
    </>
  );
}

/** What stands in place of content that cannot be shown at all; null: it can. */
function problemOf({ problem, missing, content }: BodyState): string | null {
  if (problem !== null) return problem;
  return missing && content.length === 0
    ? 'These bytes were counted, not kept: the session was over its budget when they came.'
    : null;
}

/** Where the first byte of a partial response belongs. */
function firstOf(contentRange: string): number {
  const range = parseContentRange(contentRange);
  return range instanceof FieldFault ? 0 : (range.first ?? 0);
}

/** Content that the server had read of a request whose length was told; null: not known apart. */
function arrivedBytes(
  model: Model,
  { bars }: Exchange,
  part: Part,
  state: BodyState,
  time: number,
): number | null {
  const bar = bars[BarKind.requestReceived]!;
  if (part.stream !== 'request' || state.announced === null || bar === -1) return null;
  return Math.max(0, model.barPositionAt(bar, time) - part.headEnd);
}
