// The filter's field above the timeline: what is typed, what may follow it, how much matches, and what is wrong.

import { Funnel, X } from 'lucide-react';
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { type Completion, complete } from '../../shared/filter/complete.ts';
import { useLaboratory } from '../stores/context.ts';
import { Key } from '../ui/Key.tsx';
import { accept } from './accept.ts';
import { COMPLETIONS, FilterPopover } from './FilterPopover.tsx';
import { FILTER_FIELD } from './focus.ts';
import { countWords } from './store.ts';
import { useFilter } from './use-filter.ts';
import './filter.css';

export function FilterBar() {
  const { filter } = useLaboratory();
  const state = useFilter();
  const { text, fault, matcher, reading } = state;
  const input = useRef<HTMLInputElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const [caret, setCaret] = useState(0);
  const [shown, setShown] = useState<'no' | 'typing' | 'asked'>('no');
  const [active, setActive] = useState(-1);
  /** Where the caret goes once the text is what was accepted. */
  const wanted = useRef<number | null>(null);

  useLayoutEffect(() => {
    if (wanted.current === null) return;
    input.current?.setSelectionRange(wanted.current, wanted.current);
    wanted.current = null;
  });

  const completions = shown === 'no' ? null : complete(text, caret, filter.vocabulary());
  // Between two terms anything may follow: only who asks is told all of it.
  const isBetween = completions !== null && text !== '' && /^$|[\s(]$/.test(text.slice(0, completions.from));
  const isQuiet = shown === 'typing' && isBetween && completions.from === completions.to;
  const offered = completions === null || isQuiet ? [] : completions.options;
  const said = completions === null ? '' : text.slice(completions.from, completions.to);
  const options = offered.length === 1 && offered[0]!.insert === said ? [] : offered;
  const current = options[active];

  const change = (next: string, at: number): void => {
    filter.setText(next, true);
    setCaret(at);
    setActive(-1);
  };
  const clear = (): void => {
    change('', 0);
    setShown('no');
    input.current?.focus();
  };
  const choose = (option: Completion): void => {
    if (completions === null) return;
    const next = accept(text, completions, option);
    wanted.current = next.caret;
    change(next.text, next.caret);
    setShown('typing');
    input.current?.focus();
  };
  const key = (event: KeyboardEvent<HTMLInputElement>): void => {
    const takes = keyAction(event.key, { options: options.length, active, hasText: text !== '' });
    if (takes === null) return;
    if (takes !== 'close' || event.key === 'Escape') event.preventDefault();
    event.stopPropagation();
    switch (takes) {
      case 'open':
        setShown('asked');
        setActive(0);
        return;
      case 'next':
        setActive((active + 1) % options.length);
        return;
      case 'previous':
        setActive(active <= 0 ? options.length - 1 : active - 1);
        return;
      case 'choose':
        if (current !== undefined) choose(current);
        return;
      case 'close':
        filter.setText(text);
        setShown('no');
        setActive(-1);
        return;
      case 'clear':
        clear();
        return;
      case 'leave':
        document.querySelector<HTMLElement>('.timeline')?.focus();
    }
  };

  return (
    <div className="filter-bar" role="search" aria-label="Filter">
      <div className="filter-field" data-wrong={fault !== null && fault.code !== 'incomplete'}>
        <Funnel size={13} aria-hidden="true" />
        <div className="filter-text">
          <div ref={mirror} className="filter-mirror" aria-hidden="true">
            {fault === null || fault.code === 'incomplete' ? null : (
              <>
                {text.slice(0, fault.from)}
                <span className="filter-wrong">{text.slice(fault.from, fault.to)}</span>
              </>
            )}
          </div>
          <input
            ref={input}
            id={FILTER_FIELD}
            role="combobox"
            aria-label="Filter the session"
            aria-expanded={options.length > 0}
            aria-controls={COMPLETIONS}
            aria-autocomplete="list"
            aria-activedescendant={current === undefined ? undefined : `${COMPLETIONS}-${active}`}
            aria-invalid={fault !== null && fault.code !== 'incomplete'}
            aria-describedby={fault === null ? undefined : 'filter-fault'}
            autoComplete="off"
            autoCorrect="off"
            spellCheck={false}
            placeholder="Filter: status:1xx, method:PATCH, words …"
            value={text}
            onChange={({ target }) => {
              setShown('typing');
              change(target.value, target.selectionStart ?? target.value.length);
            }}
            onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart ?? 0)}
            onScroll={({ currentTarget }) => {
              if (mirror.current !== null)
                mirror.current.style.transform = `translateX(${-currentTarget.scrollLeft}px)`;
            }}
            onFocus={() => setShown('typing')}
            onClick={() => setShown('typing')}
            onBlur={() => {
              filter.setText(text);
              setShown('no');
            }}
            onKeyDown={key}
          />
        </div>
        <FilterPopover
          fault={shown === 'no' ? null : fault}
          options={options}
          active={active}
          left={fault?.from ?? completions?.from ?? 0}
          onChoose={choose}
        />
        {text === '' ? (
          <Key>/</Key>
        ) : (
          <button type="button" className="filter-clear" aria-label="Clear the filter" onClick={clear}>
            <X size={13} aria-hidden="true" />
          </button>
        )}
      </div>
      <span id="filter-fault" className="visually-hidden">
        {fault?.message}
      </span>
      <span className="filter-count" data-none={matcher !== null && matcher.count === 0}>
        {countWords(state)}
        {reading === null ? '' : ` · ${Math.floor(reading * 100)} % of the heads read`}
      </span>
    </div>
  );
}

type Action = 'open' | 'next' | 'previous' | 'choose' | 'close' | 'clear' | 'leave';

/** What a key does in the field; null: what it does in every field. */
function keyAction(
  key: string,
  at: { readonly options: number; readonly active: number; readonly hasText: boolean },
): Action | null {
  const isOpen = at.options > 0;
  switch (key) {
    case 'ArrowDown':
      return isOpen ? 'next' : 'open';
    case 'ArrowUp':
      return isOpen ? 'previous' : null;
    case 'Enter':
      return at.active >= 0 ? 'choose' : 'close';
    // Without a choice the key leaves the field, as it does everywhere.
    case 'Tab':
      return at.active >= 0 ? 'choose' : null;
    case 'Escape':
      if (isOpen && at.active >= 0) return 'close';
      return at.hasText ? 'clear' : 'leave';
    default:
      return null;
  }
}
