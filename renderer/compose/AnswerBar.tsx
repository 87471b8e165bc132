// What came of what was sent last: status, time and bytes of each request, and the way to it on the timeline.

import { ArrowDownToLine, CircleCheck, CircleX, LoaderCircle } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { Layer } from '../../shared/model/events.ts';
import type { Exchange, Model } from '../../shared/model/model.ts';
import { useEngine, useLaboratory, useModel } from '../stores/context.ts';
import { counted, shortBytes, span } from '../timeline/format.ts';
import { sentConnection, sentExchanges } from './sent.ts';

export function AnswerBar() {
  const laboratory = useLaboratory();
  const sent = useStore(laboratory.composer.store, (state) => state.sent);
  const { model } = useModel();
  const epoch = useEngine((state) => state.session.epoch);
  if (sent === null) return null;
  const { mark, asked, result, mode } = sent;
  const exchanges = sentExchanges(model, epoch, mark, asked);
  const connection = sentConnection(model, epoch, mark);
  const tone = result === null ? 'accent' : result.outcome === 'completed' ? 'final' : 'error';
  return (
    <div className="answer-bar" role="group" aria-label="Answer" data-tone={tone}>
      {result === null ? (
        <LoaderCircle className="turning" size={14} aria-hidden="true" />
      ) : result.outcome === 'completed' ? (
        <CircleCheck size={14} aria-hidden="true" />
      ) : (
        <CircleX size={14} aria-hidden="true" />
      )}
      <p className="answer-reason selectable">{result?.reason ?? 'Sending…'}</p>
      <span className="answer-exchanges">
        {exchanges.map((exchange, index) => {
          if (exchange === null) return null;
          const words = exchangeWords(model, exchange, mode === 'request');
          const place = asked.length > 1 ? `${index + 1} ` : '';
          return (
            // oxlint-disable-next-line react/no-array-index-key -- exchanges are their places
            <Button
              key={index}
              className="button small answer-jump"
              aria-label={`${place}${words}: show ${exchange.method} ${exchange.target} in the timeline`}
              onPress={() => laboratory.select({ kind: 'exchange', id: exchange.id })}
            >
              {place === '' ? null : <span className="batch-place">{place}</span>}
              {words}
              <ArrowDownToLine size={13} aria-hidden="true" />
            </Button>
          );
        })}
        {exchanges.every((exchange) => exchange === null) && connection !== null && result !== null ? (
          <Button
            className="button small answer-jump"
            onPress={() => laboratory.select({ kind: 'connection', id: connection })}
          >
            Connection {connection}
            <ArrowDownToLine size={13} aria-hidden="true" />
          </Button>
        ) : null}
      </span>
    </div>
  );
}

/** `200 · 12 ms · 1.0 MB up · 34 B down`, and of an operation in how many exchanges. */
function exchangeWords(model: Model, exchange: Exchange, whole: boolean): string {
  const operation = model.operations[exchange.operation];
  const own = whole && operation !== undefined && operation.exchanges.length > 1 ? operation : null;
  const last = own === null ? exchange : model.exchanges[own.exchanges.values[own.exchanges.length - 1]!]!;
  const until = last.endedAt === Infinity ? model.endTime : last.endedAt;
  const up = own === null ? exchange.requestEnd - exchange.requestHeadEnd : own.upload.total(Layer.sent);
  const down = last.responseEnd - last.responseHeadEnd;
  const interim = exchange.interim.length;
  return [
    last.document?.status ?? last.status ?? (last.endedAt === Infinity ? 'under way' : 'no answer'),
    own === null ? '' : counted(own.exchanges.length, 'exchange'),
    interim === 0 ? '' : `${interim.toLocaleString('en-US')} interim`,
    span(until - exchange.startedAt),
    up > 0 ? `${shortBytes(up)} up` : '',
    down > 0 ? `${shortBytes(down)} down` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
