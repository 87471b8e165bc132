// A control with a tooltip: what it does, in one line, on hover and on focus.

import type { ReactElement } from 'react';
import { Tooltip, TooltipTrigger } from 'react-aria-components';

interface HintProps {
  readonly text: string;
  readonly children: ReactElement;
}

export function Hint({ text, children }: HintProps) {
  return (
    <TooltipTrigger delay={600} closeDelay={0}>
      {children}
      <Tooltip className="tooltip" offset={6}>
        {text}
      </Tooltip>
    </TooltipTrigger>
  );
}
