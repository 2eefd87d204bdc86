// The bell's place in the header, the same bytes for everyone. The script that fills it comes for whoever is signed in.
import { assets } from "@/lib/generated/assets";
import { notifications as words } from "@/messages/notifications";
import { Icon } from "./icons";

const skeleton = `<ul class="notes" aria-hidden="true">${'<li class="note"><span class="avatar skel"></span><div><span class="skel w-9 h-s"></span><span class="skel w-4 h-s"></span></div></li>'.repeat(3)}</ul>`;

const left = (html: string) => ({ suppressHydrationWarning: true, dangerouslySetInnerHTML: { __html: html } });

export function Bell() {
  return (
    <>
      <details className="session signed-in bell" data-menu data-bell={assets.bell} suppressHydrationWarning>
        <summary className="btn btn-icon" title={words.title}>
          <span className="sr" data-bell-label {...left(words.title)} />
          <Icon name="bell" />
          <span className="bell-count" data-bell-count aria-hidden="true" hidden {...left("")} />
        </summary>
        <div className="menu bell-panel">
          <div className="bell-head">
            <p className="label">{words.title}</p>
            <button className="btn-text" type="button" data-bell-read hidden suppressHydrationWarning>
              {words.readAll}
            </button>
          </div>
          <div className="bell-list" data-bell-list {...left(skeleton)} />
          <a className="bell-all" href="/me/notifications">
            {words.all}
          </a>
        </div>
      </details>
      <span className="sr" role="status" data-bell-said {...left("")} />
    </>
  );
}
