// What happened and why, in sentences; each is linked to its event, and the list follows selection and playhead.

import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { type Sentence, Storyteller } from '../../shared/model/story.ts';
import { RemarkedStory } from '../../shared/model/story-remarks.ts';
import { useMatcher } from '../filter/use-filter.ts';
import { useLaboratory, useModel, usePlayheadTime, useSelected } from '../stores/context.ts';
import { moment } from '../timeline/format.ts';
import type { Selection } from '../timeline/types.ts';
import { currentSentence, toldBy } from './current-sentence.ts';
import { MatchingSentences } from './matching-sentences.ts';
import { useLit } from './use-lit.ts';

export function Story({ operation }: { readonly operation: number | null }) {
  const laboratory = useLaboratory();
  const { model } = useModel();
  const time = usePlayheadTime();
  const selected = useSelected();
  const teller = useMemo(
    () => (operation === null ? null : new Storyteller(model, operation)),
    [model, operation],
  );
  const matching = useMemo(() => new MatchingSentences(), []);
  const remarked = useMemo(() => new RemarkedStory(model), [model]);
  teller?.fold();
  const matcher = useMatcher(model);
  const whole = operation === null || teller === null ? [] : remarked.of(teller.sentences, operation);
  const all = matcher === null ? whole : matching.of(whole, matcher);
  const count = toldBy(all, time);
  const current = currentSentence(all, count, selected, model);
  const scroll = useRef<HTMLDivElement>(null);
  useLit(scroll);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes here
  const list = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => 46,
    overscan: 8,
    getItemKey: (index) => all[index]!.row,
  });

  // What is selected comes into view; otherwise the newest, while the end was in view.
  const atEnd = useRef(true);
  useEffect(() => {
    if (current !== -1) list.scrollToIndex(current, { align: 'auto' });
  }, [list, current]);
  useEffect(() => {
    if (atEnd.current && count > 0) list.scrollToIndex(count - 1, { align: 'end' });
  }, [list, count]);

  const select = (index: number): void => {
    const sentence = all[index];
    if (sentence === undefined || index >= count) return;
    const remark = sentence.remark === undefined ? null : model.remarks.get(sentence.remark);
    if (remark === null) laboratory.select(selectionOf(sentence, model));
    else laboratory.writer.show(remark);
  };
  const move = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    let next = (current === -1 ? count - 1 : current) + by;
    // A note is no event to stop at: it is read with what it is beside.
    while (all[next]?.remark !== undefined) next += by;
    select(Math.min(count - 1, Math.max(0, next)));
  };

  if (count === 0 && matcher !== null)
    return <div className="empty">Nothing in this story matches the filter so far.</div>;
  if (count === 0)
    return (
      <div className="empty">
        What happens, and why, is told here as it happens. Run an experiment to begin.
      </div>
    );
  return (
    <div
      ref={scroll}
      className="story"
      role="listbox"
      aria-label="Story"
      tabIndex={0}
      aria-activedescendant={current === -1 ? undefined : `sentence-${current}`}
      onKeyDown={move}
      onScroll={({ currentTarget: box }) => {
        atEnd.current = box.scrollTop + box.clientHeight >= box.scrollHeight - 24;
      }}
    >
      <div className="story-space" role="presentation" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((item) => {
          const sentence = all[item.index]!;
          return (
            <div
              key={item.key}
              ref={list.measureElement}
              id={`sentence-${item.index}`}
              data-index={item.index}
              className="sentence"
              data-exchange={sentence.exchange ?? undefined}
              role="option"
              aria-selected={item.index === current}
              data-tone={sentence.remark === undefined ? sentence.tone : 'accent'}
              style={{ transform: `translateY(${item.start}px)` }}
              onClick={() => select(item.index)}
            >
              <time className="mono">{moment(sentence.at)}</time>
              <span className="thread">
                <span className="dot" />
              </span>
              <SentenceText sentence={sentence} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function SentenceText({ sentence }: { readonly sentence: Sentence }) {
  return (
    <p>
      {sentence.parts.map((part, index) =>
        part.kind === 'strong' ? (
          <b key={index}>{part.text}</b>
        ) : part.kind === 'code' ? (
          <code key={index}>{part.text}</code>
        ) : (
          quoted(part.text)
        ),
      )}
      {sentence.why === '' ? null : <span className="why">{sentence.why}</span>}
    </p>
  );
}

/** What somebody said, in quotes, is written in its own direction: what follows it stays where it is. */
function quoted(text: string): ReactNode {
  return text
    .split(/(“[^”]*”)/)
    .map((piece, place) => (place % 2 === 1 ? <bdi key={place}>{piece}</bdi> : piece));
}

/** The start of an exchange selects the exchange; everything else its own event. */
function selectionOf(sentence: Sentence, model: ReturnType<typeof useModel>['model']): Selection {
  const isRequest = sentence.exchange !== null && sentence.tone === 'request';
  const exchange = isRequest ? model.exchanges[sentence.exchange] : undefined;
  return exchange === undefined ? { kind: 'event', id: sentence.row } : { kind: 'exchange', id: exchange.id };
}
