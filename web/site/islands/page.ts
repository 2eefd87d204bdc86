// The one deferred script of every page.
import { contents, copying, dates, menus, more, sharing } from "./reading";
import { session } from "./session";
import { themeButtons } from "./theme-button";

themeButtons();
menus();
void session();
dates();
contents();
copying();
sharing();
more();
