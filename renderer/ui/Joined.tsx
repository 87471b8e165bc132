// One of a few, side by side: buttons that are joined, of which exactly one is chosen.

import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';

interface JoinedProps<T extends string> {
  readonly label: string;
  readonly of: readonly T[];
  /** Null: what is chosen is none of them. */
  readonly chosen: T | null;
  readonly onChoose: (chosen: T) => void;
  /** What stands on the button. Default: the value itself. */
  readonly name?: (one: T) => string;
}

export function Joined<T extends string>({ label, of, chosen, onChoose, name }: JoinedProps<T>) {
  return (
    <ToggleButtonGroup
      className="joined"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={chosen === null ? [] : [chosen]}
      onSelectionChange={(keys) => {
        const next = of.find((one) => keys.has(one));
        if (next !== undefined) onChoose(next);
      }}
    >
      {of.map((one) => (
        <ToggleButton key={one} id={one} className="button small">
          {name === undefined ? one : name(one)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
