// The selected exchange as the users of node:http, undici and fetch would see it: what each library tells of the answer,
// and what it keeps from them.

import { useMemo, useState } from 'react';
import { Joined } from '../../ui/Joined.tsx';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import { type AnswerHead, readAnswer } from '../../../shared/lenses/answer.ts';
import { hiddenBy } from '../../../shared/lenses/hidden.ts';
import { type LensName, LENSES, seenThrough } from '../../../shared/lenses/lenses.ts';
import type { Exchange } from '../../../shared/model/model.ts';
import { useModel, usePlayheadTime } from '../../stores/context.ts';
import { counted } from '../../timeline/format.ts';
import { readMessage } from '../message.ts';
import { useExplained } from '../use-explained.ts';
import { type AnswerPlace, answerPlace } from './answer-of.ts';
import './lenses.css';

export function Lenses({ exchange }: { readonly exchange: Exchange | null }) {
  const { model } = useModel();
  const time = usePlayheadTime();
  const [lens, setLens] = useState<LensName>('fetch');
  if (exchange === null)
    return (
      <div className="empty">
        Select a request or a response in the timeline to see what libraries would tell of it.
      </div>
    );
  const place = answerPlace(model, exchange, time);
  return (
    <div className="lenses selectable">
      <div className="lens-bar">
        <Joined label="Library" of={LENSES} chosen={lens} onChoose={setLens} />
      </div>
      {exchange.method === 'CONNECT' || exchange.status === 101 ? (
        <p className="lens-note hint">What libraries tell of a change of protocol was not measured.</p>
      ) : place === null ? (
        <p className="lens-note hint">Nothing of an answer has come yet.</p>
      ) : (
        <Through key={exchange.id} exchange={exchange} place={place} lens={lens} />
      )}
    </div>
  );
}

interface ThroughProps {
  readonly exchange: Exchange;
  readonly place: AnswerPlace;
  readonly lens: LensName;
}

const NO_BYTES = new Uint8Array(0);

function Through({ exchange, place, lens }: ThroughProps) {
  const { connection, method } = exchange;
  const request = useExplained({
    connection,
    stream: 'request',
    start: exchange.requestStart,
    end: Number.isNaN(exchange.requestHeadEnd) ? exchange.requestStart : exchange.requestHeadEnd,
    method,
    settled: true,
  });
  const response = useExplained({
    connection,
    stream: 'response',
    start: place.start,
    end: place.end,
    method,
    settled: place.ending !== 'open',
  });
  const isEmpty = place.end <= place.start;
  const bytes = isEmpty ? NO_BYTES : (response?.bytes ?? null);
  const isPart = bytes !== null && place.ending !== 'open' && bytes.length < place.end - place.start;
  const answer = useMemo(
    () => (bytes === null ? null : readAnswer(bytes, method, isPart ? 'open' : place.ending)),
    [bytes, method, isPart, place.ending],
  );
  if (answer === null) return <div className="empty">Reading…</div>;
  if (response?.kept === false)
    return (
      <div className="empty">
        These bytes were counted, not kept: the session was over its budget when they came.
      </div>
    );
  const expects = readMessage(request?.spans ?? []).fields.some(
    ({ name, value }) => name.toLowerCase() === 'expect' && value.toLowerCase() === '100-continue',
  );
  const seen = seenThrough(lens, answer, expects);
  const hidden = hiddenBy(answer, seen);
  return (
    <>
      <section className="lens-told" aria-label={`What ${lens} tells`}>
        {seen.interim.map((head, index) => (
          // Responses never move, and two may be alike.
          // oxlint-disable-next-line react/no-array-index-key
          <Head key={index} head={head} tone="interim" />
        ))}
        {seen.final === null ? null : <Head head={seen.final} tone="final" />}
        {seen.trailers.length === 0 ? null : (
          <>
            <h3 className="section-title">Trailers</h3>
            <Fields fields={seen.trailers} label="Trailers" />
          </>
        )}
        <p className={seen.ending === 'whole' || seen.ending === 'open' || isPart ? '' : 'short'}>
          {isPart && seen.final !== null
            ? 'Its content is longer than what is looked at here.'
            : `${seen.content === 0 ? '' : `${counted(seen.content, 'byte')} of content. `}${endingWords(seen.ending)}`}
        </p>
      </section>
      <section className="lens-hidden" aria-label={`What ${lens} does not tell`}>
        <h3 className="section-title">Not told</h3>
        {hidden.length === 0 ? (
          <p className="hint">It keeps nothing of this answer from its user.</p>
        ) : (
          <ul>
            {hidden.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
      </section>
      <p className="lens-note hint">
        Derived from the wire, by rules that were measured. The experiment “Seen through libraries” measures
        them on this machine.
      </p>
    </>
  );
}

function Head({ head, tone }: { readonly head: AnswerHead; readonly tone: 'interim' | 'final' }) {
  return (
    <div className="lens-head" data-tone={tone}>
      <p className="start-line mono">
        <span className="dot" /> {head.status} {head.reason}
      </p>
      <Fields fields={head.fields} label={`Fields of the ${head.status}`} />
    </div>
  );
}

function Fields({ fields, label }: { readonly fields: FieldLines; readonly label: string }) {
  if (fields.length === 0) return null;
  return (
    <dl className="fields" aria-label={label}>
      {fields.map(([name, value], index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className="field-line">
          <dt className="mono">{name}</dt>
          <dd className="mono" dir="auto">
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function endingWords(ending: string): string {
  switch (ending) {
    case 'whole':
      return 'The response is whole.';
    case 'open':
      return 'Nothing more yet.';
    case 'silence':
      return 'Then it waits, until its user gives up.';
    case 'no HTTP':
    case 'broken':
      return 'Then an error: this is no HTTP/1.1.';
    case 'UND_ERR_NOT_SUPPORTED':
      return 'Error UND_ERR_NOT_SUPPORTED: it never sends a request with Expect.';
    default:
      return `Error ${ending}.`;
  }
}
