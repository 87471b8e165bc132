// One of a few things, chosen from a list that opens: a label, what is chosen, and a word to each choice.

import { ChevronDown } from 'lucide-react';
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
} from 'react-aria-components';

interface ChoiceProps<Id extends string> {
  readonly label: string;
  readonly value: Id;
  readonly choices: readonly { readonly id: Id; readonly text: string; readonly hint?: string }[];
  readonly onChoose: (id: Id) => void;
  readonly hint?: string;
  /** The line that it stands in says what it is: its label is only heard. */
  readonly isInLine?: true;
}

export function Choice<Id extends string>({
  label,
  value,
  choices,
  onChoose,
  hint,
  isInLine,
}: ChoiceProps<Id>) {
  return (
    <Select
      className={isInLine === undefined ? 'field' : 'choice'}
      {...(isInLine === undefined ? {} : { 'aria-label': label })}
      selectedKey={keyOf(value)}
      onSelectionChange={(key) => {
        const chosen = choices.find(({ id }) => keyOf(id) === key);
        if (chosen !== undefined) onChoose(chosen.id);
      }}
    >
      {isInLine === undefined ? <Label className="select-label">{label}</Label> : null}
      <Button className="button small select-button">
        <SelectValue>{choices.find(({ id }) => id === value)?.text ?? ''}</SelectValue>
        <ChevronDown size={12} aria-hidden="true" />
      </Button>
      {hint === undefined ? null : (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <Popover className="popover">
        <ListBox className="menu">
          {choices.map((choice) => (
            <ListBoxItem key={choice.id} id={keyOf(choice.id)} className="menu-item" textValue={choice.text}>
              {choice.text}
              {choice.hint === undefined ? null : <span className="hint">{choice.hint}</span>}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

/** A key must not be empty; what is chosen may be. */
function keyOf(id: string): string {
  return `=${id}`;
}
