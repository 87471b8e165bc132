// Problems and words for the user: shown until dismissed, and spoken by the live region.

import { CircleAlert, Info, X } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { useLaboratory } from '../stores/context.ts';

export function Notices() {
  const { notices } = useLaboratory();
  const shown = useStore(notices.store, (state) => state.notices);
  const spoken = useStore(notices.store, (state) => state.spoken);
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite">
        {spoken}
      </div>
      <section aria-label="Messages">
        <ul className="notices" aria-label="Messages">
          {shown.map((notice) => (
            <li key={notice.id} className="notice" data-tone={notice.tone === 'error' ? 'error' : 'accent'}>
              {notice.tone === 'error' ? (
                <CircleAlert size={15} aria-hidden="true" />
              ) : (
                <Info size={15} aria-hidden="true" />
              )}
              <p className="grow selectable">{notice.message}</p>
              {notice.action === undefined ? null : (
                <Button
                  className="button small"
                  onPress={() => {
                    notices.dismiss(notice.id);
                    notice.action?.run();
                  }}
                >
                  {notice.action.label}
                </Button>
              )}
              <Button
                className="button plain icon small"
                aria-label="Dismiss"
                onPress={() => notices.dismiss(notice.id)}
              >
                <X size={13} aria-hidden="true" />
              </Button>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

/** Above everything while the engine cannot be reached. */
export function LinkBanner({ lost }: { readonly lost: boolean }) {
  if (!lost) return null;
  return (
    <div className="link-banner" role="alert">
      <span className="dot" data-tone="error" />
      <p>
        Interim’s engine has gone. What is shown stays to be read; start it again (<code>npm start</code>),
        and go on in the page that it opens.
      </p>
    </div>
  );
}
