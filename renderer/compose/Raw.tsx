// Bytes as they are: a text whose line breaks are CRLF, coloured by what each byte is, and beside it what a server will make
// of them.

import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { type UIEvent, useDeferredValue, useMemo, useRef } from 'react';
import { Button } from 'react-aria-components';
import { useLaboratory } from '../stores/context.ts';
import { count } from '../timeline/format.ts';
import { Crlf } from './Preview.tsx';
import { type RawNote, viewRaw } from './raw-view.ts';
import { optionsOf } from './strategies.ts';
import { Option } from './Strategy.tsx';
import { useDraft, useProblems } from './use-composed.ts';

const PATIENCE = optionsOf('plain').find(({ name }) => name === 'patience')!;

export function Raw() {
  const { composer } = useLaboratory();
  const { text } = useDraft().raw;
  const wrong = useProblems()('raw');
  const seen = useDeferredValue(text);
  const view = useMemo(() => viewRaw(seen), [seen]);
  const colours = useRef<HTMLPreElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const follow = (event: UIEvent<HTMLTextAreaElement>): void => {
    if (colours.current === null) return;
    colours.current.scrollTop = event.currentTarget.scrollTop;
    colours.current.scrollLeft = event.currentTarget.scrollLeft;
  };
  const place = (at: number): void => {
    field.current?.focus();
    field.current?.setSelectionRange(at, at);
  };
  return (
    <>
      <div className="raw-editor">
        <pre ref={colours} className="raw-colours" aria-hidden="true">
          {view.segments.map(({ text: part, kind, crlf }, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- segments are their places
            <span key={index} className={kind === null ? undefined : `span-${kind}`}>
              {part}
              {crlf ? <Crlf /> : null}
            </span>
          ))}
          {'\n'}
        </pre>
        <textarea
          ref={field}
          className="raw-text"
          aria-label="Bytes to send"
          aria-invalid={wrong !== null}
          aria-describedby="raw-notation"
          wrap="off"
          spellCheck={false}
          value={text}
          data-stale={seen === text ? undefined : true}
          onChange={(event) => composer.setRaw({ text: event.target.value })}
          onScroll={follow}
        />
      </div>
      <section className="raw-result" aria-label="What the bytes are">
        <header className="compose-title">
          <h3 className="section-title">What the bytes are</h3>
          <span className="hint">{count(view.bytes)} B</span>
          <span className="grow" />
          <Button className="button plain small" onPress={() => composer.takeRequest()}>
            Take the request
          </Button>
        </header>
        <div className="raw-told">
          {view.bytes === 0 ? (
            <p className="hint">Write a request, or take the one that was composed.</p>
          ) : null}
          {view.messages.map(({ title, framing }, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- messages are their places
            <p key={index} className="raw-message">
              <span className="mono">{title}</span>
              <span className="hint">{framing}</span>
            </p>
          ))}
          <ul className="raw-notes">
            {view.notes.map((note) => (
              <li key={`${note.at} ${note.sentence}`} data-tone={toneOf(note)}>
                <NoteIcon note={note} />
                <Button className="raw-note" onPress={() => place(note.at)}>
                  {note.sentence}
                  <span className="hint">
                    {' '}
                    line {note.line}
                    {note.source === '' ? '' : `, ${note.source}`}
                  </span>
                </Button>
              </li>
            ))}
          </ul>
          {view.bytes > 0 && view.notes.length === 0 ? (
            <p className="hint">Nothing is wrong with them.</p>
          ) : null}
        </div>
        <div className="raw-foot">
          <Option option={PATIENCE} />
          <p id="raw-notation" className="hint">
            A line break is CRLF. <code>\n</code> <code>\r</code> <code>\x00</code> are single bytes,{' '}
            <code>\\</code> a backslash.
          </p>
        </div>
      </section>
    </>
  );
}

function toneOf({ level }: RawNote): string {
  return level === 'error' ? 'error' : level === 'warning' ? 'interim' : 'accent';
}

function NoteIcon({ note }: { readonly note: RawNote }) {
  if (note.level === 'error') return <CircleAlert size={13} aria-label="error" />;
  if (note.level === 'warning') return <TriangleAlert size={13} aria-label="warning" />;
  return <Info size={13} aria-label="note" />;
}
