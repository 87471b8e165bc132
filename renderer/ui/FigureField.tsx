// A field for a whole number within bounds, which says beside it what is wrong with what was typed.

import { FieldError, Input, Label, Text, TextField } from 'react-aria-components';
import { type Bounds, readFigure } from './figure.ts';

interface FigureFieldProps {
  readonly label: string;
  readonly bounds: Bounds;
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly hint?: string;
}

export function FigureField({ label, bounds, typed, onType, hint }: FigureFieldProps) {
  const read = readFigure(bounds, typed);
  return (
    <TextField
      className="field"
      value={typed}
      onChange={onType}
      isInvalid={typeof read === 'string'}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      <Input className="input" inputMode="numeric" />
      {typeof read === 'string' ? (
        <FieldError className="problem">{read}</FieldError>
      ) : hint === undefined ? null : (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
    </TextField>
  );
}
