// The head as it will be written, byte for byte, and what of it is added for the user.

import { Fragment, useMemo } from 'react';
import { count, counted } from '../timeline/format.ts';
import { contentLength, headLines, judge } from './outgoing.ts';
import { strategyInfo } from './strategies.ts';
import { useDraft, useRequest } from './use-composed.ts';

/** Lines and characters of a text that are shown. */
const LINES = 12;
const CHARACTERS = 2_000;

export function Preview() {
  const draft = useDraft();
  const request = useRequest();
  const lines = useMemo(() => headLines(draft), [draft]);
  const length = contentLength(request);
  const bytes = lines === null ? 0 : lines.reduce((sum, { text }) => sum + text.length + 2, 2);
  const chosen = draft.mode === 'batch' ? draft.batch.chosen : null;
  const problems = judge(draft);
  return (
    <section className="compose-preview" aria-label="What goes out">
      <header className="compose-title">
        <h3 className="section-title">What goes out</h3>
        {lines === null ? null : (
          <span className="hint">
            head {count(bytes)} B{length === null ? '' : `, content ${count(length)} B`}
          </span>
        )}
      </header>
      {lines === null ? (
        <div className="compose-none">
          {problems.length === 0 ? (
            <p>
              {strategyInfo(draft.strategy).title} makes requests of its own; each shows in the timeline as it
              goes out.
            </p>
          ) : (
            <ul>
              {problems.map(({ at, request: of, sentence }) => (
                <li key={`${of} ${at}`}>
                  {of === null || of === chosen ? '' : `Request ${of + 1}: `}
                  {sentence}
                </li>
              ))}
            </ul>
          )}
        </div>
      ) : (
        <pre className="compose-bytes" tabIndex={0}>
          {lines.map(({ text, added }, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- lines may repeat
            <Fragment key={index}>
              <span data-added={added ? true : undefined}>{text}</span>
              <Crlf />
            </Fragment>
          ))}
          <Crlf />
          <Content />
        </pre>
      )}
    </section>
  );
}

/** A line break as it is sent; copied, it is only a line break. */
export function Crlf() {
  return (
    <>
      <span className="crlf" aria-hidden="true" />
      {'\n'}
    </>
  );
}

function Content() {
  const { body } = useRequest();
  switch (body.kind) {
    case 'none':
      return null;
    case 'text': {
      const shown = body.text.slice(0, CHARACTERS).split('\n').slice(0, LINES).join('\n');
      const more = body.text.length - shown.length;
      return (
        <>
          <span className="span-body">{shown}</span>
          {more > 0 ? (
            <span className="compose-later">{`\n… and ${counted(more, 'character')} more`}</span>
          ) : null}
        </>
      );
    }
    case 'generated':
      return <span className="compose-later">{`00000000↵ 00000001↵ … numbered lines`}</span>;
    case 'file':
      return <span className="compose-later">{`the bytes of ${body.file?.name ?? ''}`}</span>;
  }
}
