// The one deferred script of every page.
import { contents, copying, dates, menus, more, sharing } from "./reading";
import { doors, session } from "./session";
import { themeButtons } from "./theme-button";

themeButtons();
menus();
doors();
void session();
dates();
contents();
copying();
sharing();
more();
