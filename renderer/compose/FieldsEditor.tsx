// The fields of a request: in order, names in their own case, as rows or as text; Expect and Prefer at hand.

import { ArrowDown, ArrowUp, Plus, Rows3, TextCursorInput, X } from 'lucide-react';
import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from 'react';
import { Button, Input, TextArea, TextField, ToggleButton } from 'react-aria-components';
import { flushSync } from 'react-dom';
import { fieldHelp } from '../inspector/field-help.ts';
import { useLaboratory } from '../stores/context.ts';
import { type Field, MOST_FIELDS } from './draft.ts';
import {
  expectsContinue,
  fieldsText,
  movedField,
  preferenceOf,
  readFields,
  withContinue,
  withField,
  withoutField,
  withPreference,
} from './fields.ts';
import { useProblems, useRequest } from './use-composed.ts';

/** Preferences at hand, each with the value that it is switched on with. */
const PREFERENCES: readonly (readonly [name: string, value: string])[] = [
  ['resume', ''],
  ['processing', ''],
  ['respond-async', ''],
  ['wait', '1'],
];

export function FieldsEditor() {
  const { composer } = useLaboratory();
  const { fields } = useRequest();
  const [asText, setAsText] = useState<string | null>(null);
  const change = (next: readonly Field[]): void => composer.setRequest({ fields: next });
  const read = asText === null ? null : readFields(asText);
  return (
    <div className="fields-editor">
      <div className="compose-chips" role="group" aria-label="Expect and Prefer">
        <ToggleButton
          className="chip"
          isSelected={expectsContinue(fields)}
          isDisabled={asText !== null}
          onChange={(on) => change(withContinue(fields, on))}
        >
          Expect: 100-continue
        </ToggleButton>
        <span className="hint">Prefer</span>
        {PREFERENCES.map(([name, value]) => {
          const has = preferenceOf(fields, name);
          const told = has ?? value;
          const label = told === '' ? name : `${name}=${told}`;
          return (
            <ToggleButton
              key={name}
              className="chip"
              aria-label={`Prefer: ${label}`}
              isSelected={has !== null}
              isDisabled={asText !== null}
              onChange={(on) => change(withPreference(fields, name, on ? value : null))}
            >
              {label}
            </ToggleButton>
          );
        })}
      </div>
      {asText === null ? (
        <Rows fields={fields} onChange={change} onText={() => setAsText(fieldsText(fields))} />
      ) : (
        <TextField
          className="compose-text"
          aria-label="Fields as text"
          value={asText}
          isInvalid={typeof read === 'string'}
          onChange={(text) => {
            setAsText(text);
            const found = readFields(text);
            if (typeof found !== 'string') change(found.slice(0, MOST_FIELDS));
          }}
          autoFocus
        >
          <TextArea className="input" spellCheck={false} placeholder="Name: value" />
          <div className="field-foot">
            <Button
              className="button plain small"
              isDisabled={typeof read === 'string'}
              onPress={() => setAsText(null)}
            >
              <Rows3 size={13} aria-hidden="true" />
              As rows
            </Button>
            <p className={typeof read === 'string' ? 'problem' : 'hint'}>
              {typeof read === 'string' ? read : 'One field a line: write, or paste a head from elsewhere.'}
            </p>
          </div>
        </TextField>
      )}
    </div>
  );
}

interface RowsProps {
  readonly fields: readonly Field[];
  readonly onChange: (fields: readonly Field[]) => void;
  readonly onText: () => void;
}

function Rows({ fields, onChange, onText }: RowsProps) {
  const problem = useProblems();
  const [focused, setFocused] = useState<number | null>(null);
  const rows = useRef<HTMLDivElement>(null);
  const help = focused === null ? null : fieldHelp(fields[focused]?.[0] ?? '');
  const focus = (index: number, column: 0 | 1): void => {
    const inputs = rows.current?.querySelectorAll<HTMLElement>(`[data-row='${index}'] input`);
    (inputs?.[column] ?? rows.current?.querySelector<HTMLElement>('.add-field'))?.focus();
  };
  // The next key goes to where the focus is by then: rows are there before it moves.
  const changeThenFocus = (next: readonly Field[], index: number, column: 0 | 1): void => {
    flushSync(() => onChange(next));
    focus(index, column);
  };
  const add = (): void => changeThenFocus([...fields, ['', '']], fields.length, 0);
  const move = (index: number, by: 1 | -1, column: 0 | 1): void => {
    const next = movedField(fields, index, by);
    if (next !== fields) changeThenFocus(next, index + by, column);
  };
  /** Lines of fields, pasted into an empty row, become rows of their own. */
  const paste = (event: ClipboardEvent, index: number): void => {
    const text = event.clipboardData.getData('text/plain');
    const found = /[:\n]/.test(text) ? readFields(text) : text;
    if (typeof found === 'string' || found.length === 0 || fields[index]![0] !== '') return;
    event.preventDefault();
    const next = [...fields.slice(0, index), ...found, ...fields.slice(index + 1)];
    changeThenFocus(next.slice(0, MOST_FIELDS), index + found.length - 1, 1);
  };
  const remove = (index: number): void =>
    changeThenFocus(withoutField(fields, index), Math.min(index, fields.length - 2), 0);
  const struck = (event: KeyboardEvent, index: number, column: 0 | 1): void => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (by !== 0 && event.altKey) {
      event.preventDefault();
      move(index, by, column);
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (column === 0) focus(index, 1);
      else if (index === fields.length - 1) add();
      else focus(index + 1, 0);
    } else if (event.key === 'Backspace' && fields[index]![0] === '' && fields[index]![1] === '') {
      event.preventDefault();
      remove(index);
    }
  };
  return (
    <div ref={rows} className="field-rows" role="group" aria-label="Fields">
      {fields.map((field, index) => {
        const [name, value] = field;
        const wrong = problem(`field ${index}`);
        const about = name === '' ? `Field ${index + 1}` : name;
        return (
          // oxlint-disable-next-line react/no-array-index-key -- a row is its place: names may repeat
          <div key={index} data-row={index} className="field-row" onFocus={() => setFocused(index)}>
            <Input
              className="input"
              aria-label={`Name of field ${index + 1}`}
              aria-invalid={wrong !== null}
              data-invalid={wrong === null ? undefined : true}
              placeholder="Name"
              spellCheck={false}
              value={name}
              onChange={(event) => onChange(withField(fields, index, [event.target.value, value]))}
              onKeyDown={(event) => struck(event, index, 0)}
              onPaste={(event) => paste(event, index)}
            />
            <Input
              className="input"
              aria-label={`Value of ${about}`}
              placeholder="value"
              spellCheck={false}
              value={value}
              onChange={(event) => onChange(withField(fields, index, [name, event.target.value]))}
              onKeyDown={(event) => struck(event, index, 1)}
            />
            <span className="field-acts">
              <Button
                className="button plain icon small"
                aria-label={`Move ${about} up`}
                isDisabled={index === 0}
                onPress={() => move(index, -1, 0)}
              >
                <ArrowUp size={13} aria-hidden="true" />
              </Button>
              <Button
                className="button plain icon small"
                aria-label={`Move ${about} down`}
                isDisabled={index === fields.length - 1}
                onPress={() => move(index, 1, 0)}
              >
                <ArrowDown size={13} aria-hidden="true" />
              </Button>
              <Button
                className="button plain icon small"
                aria-label={`Remove ${about}`}
                onPress={() => remove(index)}
              >
                <X size={13} aria-hidden="true" />
              </Button>
            </span>
            {wrong === null ? null : <p className="problem">{wrong}</p>}
          </div>
        );
      })}
      <div className="field-foot">
        <Button
          className="button plain small add-field"
          isDisabled={fields.length >= MOST_FIELDS}
          onPress={add}
        >
          <Plus size={13} aria-hidden="true" />
          Add a field
        </Button>
        <Button className="button plain small" onPress={onText}>
          <TextCursorInput size={13} aria-hidden="true" />
          As text
        </Button>
        <p className="hint" aria-live="polite">
          {help === null
            ? fields.length === 0
              ? 'Host and Content-Length are added where they are missing.'
              : ''
            : `${help.meaning} ${help.source}`}
        </p>
      </div>
    </div>
  );
}
