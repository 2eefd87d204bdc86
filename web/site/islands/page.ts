// The one deferred script of every page.
import { bell } from "./bell";
import { claps } from "./claps";
import { counts } from "./counts";
import { following } from "./follow";
import { installing, offline } from "./offline";
import { reader, whoReads } from "./reader";
import { contents, copying, dates, menus, more, sharing } from "./reading";
import { doors, session } from "./session";
import { talking } from "./talking";
import { themeButtons } from "./theme-button";

themeButtons();
menus();
doors();
installing();
void reader(session());
void whoReads().then(({ user }) => offline(user?.id));
dates();
contents();
copying();
sharing();
more();
claps();
counts();
void bell();
following();
talking();
