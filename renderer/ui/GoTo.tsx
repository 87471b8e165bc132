// A small field that takes a position, decimal or hex, and goes there on Enter. Marks what is no position.

import { type Ref, useState } from 'react';
import { Input, TextField } from 'react-aria-components';
import { readPosition } from './position.ts';

interface GoToProps {
  /** What is gone to: `byte`, `offset`. */
  readonly what: string;
  readonly onGo: (position: number) => void;
  readonly input?: Ref<HTMLInputElement>;
}

export function GoTo({ what, onGo, input }: GoToProps) {
  const [typed, setTyped] = useState('');
  const position = readPosition(typed);
  return (
    <TextField
      className="go-to"
      aria-label={`Go to ${what}`}
      value={typed}
      onChange={setTyped}
      isInvalid={typed !== '' && position === null}
    >
      <Input
        {...(input === undefined ? {} : { ref: input })}
        className="input"
        placeholder={`go to ${what}`}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && position !== null) onGo(position);
        }}
      />
    </TextField>
  );
}
