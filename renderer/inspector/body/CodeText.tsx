// Text of any length, for reading: wrapped, with line numbers and a search of its own. Never changes the text, and takes
// colours from the theme only.

import { json } from '@codemirror/lang-json';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  syntaxHighlighting,
} from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';

interface CodeTextProps {
  readonly text: string;
  readonly language: 'json' | 'none';
  /** What it is, for whoever hears it. */
  readonly label: string;
}

/** Another language or label is another view. */
export function CodeText(props: CodeTextProps) {
  return <Reader key={`${props.language} ${props.label}`} {...props} />;
}

function Reader({ text, language, label }: CodeTextProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  useEffect(() => {
    const made = new EditorView({
      parent: box.current!,
      state: EditorState.create({ extensions: extensionsOf(language, label) }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [language, label]);
  useEffect(() => {
    const shown = view.current;
    if (shown === null) return;
    const { doc } = shown.state;
    if (doc.length === text.length && doc.eq(shown.state.toText(text))) return;
    shown.dispatch({ changes: { from: 0, to: doc.length, insert: text } });
  }, [text]);
  return <div ref={box} className="body-code" />;
}

const READING: Extension = [
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.lineWrapping,
  lineNumbers(),
  highlightSpecialChars(),
  drawSelection(),
  highlightSelectionMatches(),
  search({ top: true }),
];

/** A colour of the theme, nearer to that of text: small letters need more contrast than bars do. */
const inked = (token: string): string => `color-mix(in srgb, var(${token}) 74%, var(--text-1))`;

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: inked('--request') },
  { tag: tags.string, color: inked('--received') },
  { tag: tags.number, color: inked('--interim') },
  { tag: [tags.bool, tags.null], color: inked('--resent') },
  { tag: [tags.separator, tags.squareBracket, tags.brace], color: 'var(--text-3)' },
  { tag: tags.invalid, color: inked('--error') },
]);

function extensionsOf(language: CodeTextProps['language'], label: string): Extension {
  const named = EditorView.contentAttributes.of({
    tabindex: '0',
    role: 'textbox',
    'aria-readonly': 'true',
    'aria-multiline': 'true',
    'aria-label': label,
  });
  const plain = [READING, named];
  return language === 'none'
    ? [...plain, keymap.of(searchKeymap)]
    : [
        ...plain,
        keymap.of([...searchKeymap, ...foldKeymap]),
        json(),
        foldGutter(),
        bracketMatching(),
        syntaxHighlighting(COLOURS),
      ];
}
