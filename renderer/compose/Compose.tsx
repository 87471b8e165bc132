// The composer: one request, several on one connection, or bytes, above the timeline that shows what comes of them. Decides
// nothing: what is wrong, and what goes out, is said by outgoing.ts.

import { Undo2, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { useLaboratory } from '../stores/context.ts';
import { Joined } from '../ui/Joined.tsx';
import { Key } from '../ui/Key.tsx';
import { AddressLine } from './AddressLine.tsx';
import { AnswerBar } from './AnswerBar.tsx';
import { Batch } from './Batch.tsx';
import type { Mode } from './draft.ts';
import { Preview } from './Preview.tsx';
import { Raw } from './Raw.tsx';
import { RequestEditor } from './RequestEditor.tsx';
import { useFileDrop } from './taken-file.ts';
import './compose.css';

const MODES: readonly { readonly mode: Mode; readonly title: string }[] = [
  { mode: 'request', title: 'Request' },
  { mode: 'batch', title: 'Pipelined batch' },
  { mode: 'raw', title: 'Raw bytes' },
];

export function Compose() {
  const { composer, api } = useLaboratory();
  const mode = useStore(composer.store, (state) => state.draft.mode);
  const pointed = useStore(composer.store, (state) => state.pointed);
  const panel = useRef<HTMLElement>(null);
  const mac = api.platform === 'darwin';
  const { isOver, handlers } = useFileDrop();

  useEffect(() => {
    const before = document.activeElement;
    panel.current?.querySelector<HTMLElement>('.compose-url input')?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  // What is wrong gets the keys, as soon as it is in sight.
  useEffect(() => {
    if (pointed > 0) panel.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [pointed]);

  const keyFirst = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(mac ? event.metaKey : event.ctrlKey)) return;
    event.preventDefault();
    event.stopPropagation();
    void composer.send();
  };
  const keyLast = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    // A list of suggestions that is open goes first.
    if (event.target instanceof Element && event.target.ariaExpanded === 'true') return;
    event.preventDefault();
    composer.close();
  };
  return (
    <section
      ref={panel}
      className="compose"
      aria-label="Compose"
      onKeyDownCapture={keyFirst}
      onKeyDown={keyLast}
      // Bytes that are edited as they are have no content of their own.
      {...(mode === 'raw' ? {} : handlers)}
      data-dropping={(isOver && mode !== 'raw') || undefined}
    >
      <header className="compose-head">
        <h2 className="strong">Compose</h2>
        <Joined
          label="What to send"
          of={MODES.map((one) => one.mode)}
          chosen={mode}
          onChoose={(next) => composer.setMode(next)}
          name={(one) => MODES.find((known) => known.mode === one)?.title ?? one}
        />
        <span className="grow" />
        <Button className="button plain small" onPress={() => composer.close()}>
          Close
          <Key>Esc</Key>
        </Button>
      </header>
      <AddressLine mac={mac} />
      <Told />
      <div className="compose-main" data-mode={mode}>
        {mode === 'raw' ? (
          <Raw />
        ) : (
          <>
            {mode === 'batch' ? <Batch /> : null}
            <RequestEditor />
            <Preview />
          </>
        )}
      </div>
      <AnswerBar />
      {isOver && mode !== 'raw' ? <p className="compose-drop">Drop a file to make it the body</p> : null}
    </section>
  );
}

/** What was done to the draft, or why nothing was sent, in one sentence. */
function Told() {
  const { composer } = useLaboratory();
  const replaced = useStore(composer.store, (state) => state.replaced);
  const refused = useStore(composer.store, (state) => state.refused);
  const sentence = refused ?? replaced?.says;
  if (sentence === undefined) return null;
  return (
    <div
      className="problem-bar"
      data-tone={refused === null ? 'accent' : 'error'}
      role="group"
      aria-label="Told"
    >
      <p className="grow selectable">{sentence}</p>
      {refused === null ? (
        <Button className="button small" onPress={() => composer.bringBack()}>
          <Undo2 size={13} aria-hidden="true" />
          Undo
        </Button>
      ) : null}
      <Button className="button plain icon small" aria-label="Dismiss" onPress={() => composer.dismiss()}>
        <X size={13} aria-hidden="true" />
      </Button>
    </div>
  );
}
