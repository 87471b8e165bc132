// The test server in the left rail: where to point a client of one's own, and what lives on it now.

import { Check, Copy, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { ServerState } from '../../shared/contract.ts';
import { useEngine, useLaboratory } from '../stores/context.ts';
import { shortBytes } from '../timeline/format.ts';
import { Hint } from '../ui/Hint.tsx';
import { RailSection } from '../ui/RailSection.tsx';
import { parted } from './paths.ts';
import { ServerDialogs } from './ServerDialogs.tsx';
import { ServerMenu } from './ServerMenu.tsx';
import './server.css';

export function ServerPanel() {
  const { url, resources } = useEngine((state) => state.server);
  return (
    <>
      <RailSection
        id="server"
        title="Server"
        count={resources.length}
        beside={
          <>
            <CopyUrl url={url} />
            <ServerMenu />
          </>
        }
      >
        <div className="rail-content">
          {resources.length === 0 ? (
            <p className="hint rail-hint">
              Point your own client at this address: what it sends shows here too.
            </p>
          ) : (
            <ul className="resources">
              {resources.map((resource) => (
                <Resource key={`${resource.kind} ${resource.path}`} resource={resource} server={url} />
              ))}
            </ul>
          )}
        </div>
      </RailSection>
      <ServerDialogs />
    </>
  );
}

interface ResourceProps {
  readonly resource: ServerState['resources'][number];
  /** The server's URL. */
  readonly server: string;
}

function Resource({ resource, server }: ResourceProps) {
  const { keeper, patch } = useLaboratory();
  const { path, kind, label, have, length } = resource;
  const share = length === null || length === 0 ? null : Math.min(1, have / length);
  const [head, tail] = kind === 'file' ? parted(path.replace(/^\/uploads\//, ''), 12) : parted(path, 6);
  return (
    <li
      className="resource"
      title={length === null ? path : `${path}: ${shortBytes(have)} of ${shortBytes(length)}`}
    >
      <span className="resource-path mono">
        <span className="ellipsis">{head}</span>
        <span>{tail}</span>
      </span>
      <span className="hint">{kind === 'file' && have === length ? shortBytes(have) : label}</span>
      <span className="resource-actions">
        {kind === 'file' ? (
          <Hint text="Opens it in the patch editor">
            <Button
              className="resource-action"
              aria-label={`Edit ${path}`}
              onPress={() => patch.open(new URL(path, server).href)}
            >
              <Pencil size={12} aria-hidden="true" />
            </Button>
          </Hint>
        ) : null}
        <Hint text="Deletes it, after asking">
          <Button
            className="resource-action"
            aria-label={`Delete ${path}`}
            onPress={() => keeper.show({ kind: 'delete', path })}
          >
            <Trash2 size={12} aria-hidden="true" />
          </Button>
        </Hint>
      </span>
      {share === null || kind === 'response' ? null : (
        <svg className="share" data-tone={kind === 'job' ? 'interim' : 'received'} aria-hidden="true">
          <rect width="100%" height="100%" />
          <rect className="have" width={`${share * 100}%`} height="100%" />
        </svg>
      )}
    </li>
  );
}

export function CopyUrl({ url }: { readonly url: string }) {
  const { notices } = useLaboratory();
  const [copied, setCopied] = useState(false);
  if (url === '') return null;
  const address = url.replace(/^http:\/\//, '').replace(/\/$/, '');
  const copy = (): void => {
    navigator.clipboard.writeText(url).then(
      () => {
        setCopied(true);
        notices.say('The address was copied.');
      },
      () => notices.tell('info', `This page may not write to the clipboard; the address is ${url}`),
    );
  };
  return (
    <Hint text="Copies the address: point your client here">
      <Button
        className="copy-url"
        aria-label={`Copy the server's address ${url}`}
        onPress={copy}
        onHoverEnd={() => setCopied(false)}
      >
        <span className="mono selectable whole-address">{address}</span>
        <span className="mono selectable short-address">{address.replace(/^.*:/, ':')}</span>
        {copied ? <Check size={12} aria-hidden="true" /> : <Copy size={12} aria-hidden="true" />}
      </Button>
    </Hint>
  );
}
