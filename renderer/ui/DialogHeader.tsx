// The title of a dialog and its way out, the same in each. Decides nothing.

import { X } from 'lucide-react';
import { Button, Heading } from 'react-aria-components';

interface DialogHeaderProps {
  readonly title: string;
  /** What it is about, where the title does not say it all; it gives way where there is no room. */
  readonly about?: string;
}

export function DialogHeader({ title, about }: DialogHeaderProps) {
  return (
    <header>
      <Heading slot="title" className={about === undefined ? 'strong grow ellipsis' : 'strong'}>
        {title}
      </Heading>
      {about === undefined ? null : (
        <span className="hint ellipsis grow" title={about}>
          {about}
        </span>
      )}
      <Button slot="close" className="button plain icon small" aria-label="Close">
        <X size={14} aria-hidden="true" />
      </Button>
    </header>
  );
}
