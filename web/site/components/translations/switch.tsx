// Above a story: the languages it is there in, each by its own name.
import type { Translations } from "@blog/api";
import { ownName } from "@/lib/languages";
import { translations as words } from "@/messages/translations";

export function LanguageSwitch({ translations }: { translations: Translations | null }) {
  if (!translations || translations.items.length < 2) return null;
  return (
    <nav className="languages" aria-label={words.languages} lang="en">
      <ul>
        {translations.items.map(({ language, url, current }) => (
          <li key={language}>
            {current ? (
              <b aria-current="page" lang={language} data-language={language}>
                <bdi>{ownName(language)}</bdi>
              </b>
            ) : (
              <a href={url} lang={language} hrefLang={language}>
                <bdi>{ownName(language)}</bdi>
              </a>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}
