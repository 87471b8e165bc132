// A small button that copies: it shows that it has done so until it is left.

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLaboratory } from '../stores/context.ts';
import { copyText } from './copy.ts';

interface CopyButtonProps {
  /** What is copied, as the button is called: `Copy the value of Host`. */
  readonly label: string;
  /** Shown beside the icon; absent: an icon alone. */
  readonly words?: string;
  readonly text: () => string | Promise<string>;
}

export function CopyButton({ label, words, text }: CopyButtonProps) {
  const laboratory = useLaboratory();
  const [isDone, setDone] = useState(false);
  const Icon = isDone ? Check : Copy;
  return (
    <Button
      className={`button plain small copy-button${words === undefined ? ' icon' : ''}`}
      aria-label={label}
      onHoverEnd={() => setDone(false)}
      onBlur={() => setDone(false)}
      onPress={() => {
        void copyText(laboratory, text(), `${label}: done.`).then(setDone);
      }}
    >
      <Icon size={12} aria-hidden="true" />
      {words}
    </Button>
  );
}
