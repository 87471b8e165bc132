// A choice among few, as a small button with its menu.

import { ChevronDown } from 'lucide-react';
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly title: string; readonly help?: string }[];
  readonly onChange: (value: string) => void;
  /** Says the label beside it, else only to a screen reader. */
  readonly shown?: true;
}

export function Choice({ label, value, choices, onChange, shown }: ChoiceProps) {
  return (
    <Select
      className="choice"
      {...(shown === undefined ? { 'aria-label': label } : {})}
      // A key must not be empty.
      selectedKey={`=${value}`}
      onSelectionChange={(key) => {
        if (key !== null) onChange(String(key).slice(1));
      }}
    >
      {shown === undefined ? null : <Label>{label}</Label>}
      <Button className="button small">
        <SelectValue>{() => choices.find((choice) => choice.value === value)?.title ?? value}</SelectValue>
        <ChevronDown size={13} aria-hidden="true" />
      </Button>
      <Popover className="popover">
        <ListBox className="menu">
          {choices.map(({ value: id, title, help }) => (
            <ListBoxItem key={id} id={`=${id}`} className="menu-item" textValue={title}>
              {title}
              {help === undefined ? null : <span className="hint">{help}</span>}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
