// Which server an experiment runs against: the test server, or one of the user's own.

import { ChevronRight } from 'lucide-react';
import {
  Button,
  Disclosure,
  DisclosurePanel,
  FieldError,
  Heading,
  Input,
  Label,
  Text,
  TextField,
} from 'react-aria-components';
import { useStore } from 'zustand';
import type { ExperimentInfo } from '../../shared/contract.ts';
import { useSetup } from '../stores/context.ts';
import { judgeTarget } from './setup.ts';

export function TargetField({ info }: { readonly info: ExperimentInfo }) {
  const setup = useSetup();
  const typed = useStore(setup.store, (state) => state.targets[info.id] ?? '');
  const wrong = judgeTarget(typed);
  return (
    <Disclosure>
      <Heading>
        <Button slot="trigger" className="disclosure-button">
          <ChevronRight size={13} aria-hidden="true" />
          Target
          <span className="hint ellipsis">{typed.trim() === '' ? 'the test server' : typed.trim()}</span>
        </Button>
      </Heading>
      <DisclosurePanel className="parameter-fields">
        <TextField
          className="field"
          value={typed}
          onChange={(url) => setup.aim(info.id, url)}
          isInvalid={wrong !== null}
        >
          <Label>Your own server</Label>
          <Input className="input mono" inputMode="url" spellCheck="false" placeholder="http://" />
          {wrong === null ? (
            <Text slot="description" className="hint">
              Its URL, in place of the test server’s. Only the client’s end can be cut then.
            </Text>
          ) : (
            <FieldError className="problem">{wrong}</FieldError>
          )}
        </TextField>
      </DisclosurePanel>
    </Disclosure>
  );
}
