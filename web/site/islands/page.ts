// The one deferred script of every page.
import { installing, offline } from "./offline";
import { contents, copying, dates, menus, more, sharing } from "./reading";
import { doors, session } from "./session";
import { themeButtons } from "./theme-button";

themeButtons();
menus();
doors();
installing();
void session().then((user) => offline(user?.id));
dates();
contents();
copying();
sharing();
more();
