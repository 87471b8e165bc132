// “Compose from this”, wherever an exchange is shown: its request becomes the one that is composed.

import { Send } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Exchange } from '../../shared/model/model.ts';
import { useLaboratory } from '../stores/context.ts';
import { composeFrom } from './compose-from.ts';

export function ComposeFrom({ exchange }: { readonly exchange: Exchange }) {
  const laboratory = useLaboratory();
  return (
    <Button
      className="button plain small compose-from"
      onPress={() => void composeFrom(laboratory, exchange)}
    >
      <Send size={12} aria-hidden="true" />
      Compose from this
    </Button>
  );
}
