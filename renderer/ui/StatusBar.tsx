// The bar at the bottom: recording or opened, how much was captured, and the server's address.

import { Settings } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useEngine, useLaboratory } from '../stores/context.ts';
import { CopyUrl } from '../server/ServerPanel.tsx';
import { count, shortBytes } from '../timeline/format.ts';
import { Hint } from './Hint.tsx';

export function StatusBar() {
  const { dialogs } = useLaboratory();
  const session = useEngine((state) => state.session);
  const link = useEngine((state) => state.link);
  const version = useEngine((state) => state.version);
  const url = useEngine((state) => state.server.url);
  const word =
    link === 'lost'
      ? 'engine gone'
      : !session.live
        ? session.read === undefined
          ? 'recording opened'
          : `reading, ${Math.floor(session.read * 100)} %`
        : session.records > 0
          ? 'recording'
          : 'ready';
  const tone = link === 'lost' ? 'error' : !session.live ? 'quiet' : session.records > 0 ? 'cut' : 'final';
  return (
    <footer className="status-bar">
      <span className="status-item">
        <span className="dot" data-tone={tone} />
        {word}
      </span>
      <span className="status-item">
        <b className="mono">{count(session.records)}</b> {session.records === 1 ? 'record' : 'records'}
      </span>
      <span className="status-item">
        <b className="mono">{shortBytes(session.keptBytes)}</b> kept,{' '}
        {session.leftOutBytes === 0
          ? 'nothing left out'
          : `${shortBytes(session.leftOutBytes)} counted, not kept`}
      </span>
      <span className="grow" />
      {url === '' ? null : (
        <span className="status-item">
          point your client at <CopyUrl url={url} />
        </span>
      )}
      <span className="status-item">{version === '' ? '' : `v${version}`}</span>
      <Hint text="Settings (,)">
        <Button
          className="button plain icon small"
          aria-label="Settings"
          onPress={() => dialogs.show('settings')}
        >
          <Settings size={13} aria-hidden="true" />
        </Button>
      </Hint>
    </footer>
  );
}
