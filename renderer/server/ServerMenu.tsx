// What can be done to the test server, behind one button.

import { Ellipsis } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useLaboratory } from '../stores/context.ts';
import { SERVER_ACTIONS } from './keeper.ts';

export function ServerMenu() {
  const { keeper } = useLaboratory();
  return (
    <MenuTrigger>
      <Button className="button plain icon small server-menu" aria-label="Server: create, settings, restart">
        <Ellipsis size={14} aria-hidden="true" />
      </Button>
      <Popover className="popover" offset={4}>
        <Menu
          className="menu"
          aria-label="Server"
          onAction={(chosen) => {
            const action = SERVER_ACTIONS.find(({ dialog }) => dialog.kind === chosen);
            if (action !== undefined) keeper.show(action.dialog);
          }}
        >
          {SERVER_ACTIONS.map(({ dialog, title }) => (
            <MenuItem key={dialog.kind} id={dialog.kind} className="menu-item">
              {title}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
