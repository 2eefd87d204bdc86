using System.Collections.Frozen;
using System.Text;

namespace Blog.Search.Indexing;

/// <summary>
/// Guesses the language of a text whose author did not say it, by the script of its letters and, where several languages share a script, by the short words that
/// each cannot do without. Good for a paragraph or more; of less, and of languages it does not know, it says nothing.
/// </summary>
static class LanguageDetector
{
    // Characters looked at: more tells no more.
    const int Sample = 6_000;

    // Of the words of a text, so many are among the short words of its language; ordinary prose has 20 to 50 in a hundred.
    const double LeastShare = 0.05;

    // The next best language has to be clearly worse.
    const double Margin = 1.25;

    static readonly (string Language, string Words)[] Latin =
    [
        ("en", "the of and to in is that it was for with as his on be at by this had not are but from or have an they which one you were all her she there would their we him been has when who will more no if out so what up its about into than them can only other time some could these two may then do first any my now such like our over"),
        ("de", "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde wir ich kein keine wenn schon"),
        ("fr", "le la les de des du et en un une est que qui dans pour pas sur au par plus il elle ne ce se sont avec son sa ses ou mais nous vous leur aux cette ces être été ont comme tout fait même aussi bien très où donc sans je on"),
        ("es", "el la los las de del que y en un una es se no por con para su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante uno ni contra ese eso fue son era ser está"),
        ("pt", "o os as de do da dos das que e em um uma é se não por com para seu sua no na nos nas ao mais como mas foi ele ela são também pelo pela até isso entre era depois sem mesmo aos ter seus quem muito há está você já eu quando"),
        ("it", "il lo la gli le di del della dei delle che e in un una è si non per con da al alla come più ma sono anche nel nella questo questa ha sua suo loro dal dalla tra quando dove perché essere era così tutto cui o ci ne molto"),
        ("nl", "de het een en van in is dat op te zijn met die voor niet aan er om ook als bij maar dan naar uit door over nog wel werd wordt hebben heeft had worden kan ze hij we deze dit geen meer tot hun of was zo wat veel"),
        ("sv", "och i att det som en på är av för med den till inte har de om ett han men var jag sig från vi så kan när nu också efter eller sin där vid mot ska skulle kommer ut får finns vara hade alla andra mycket än här då sedan över bara"),
        ("da", "og i at det er en til på som af for med de den har ikke der et om var men sig han vi fra så kan nu skal eller hvor efter blev være hvad også meget når jeg hun deres alle over ud kun havde dem noget mod hvis"),
        ("nb", "og i det som en på er av for til med at de den har ikke et om var men seg han vi fra så kan nå skal eller hvor etter ble være hva også når jeg hun deres alle ut bare hadde dem noe mot hvis mye mer andre bli blir"),
        ("fi", "ja on ei se että oli hän mutta joka ovat niin kun kuin myös tai mitä hänen vain jos sen ole siitä sitä nyt sekä kanssa minä tämä olla jo koska voi mukaan ne he jotka tämän joita kaikki vielä olivat sitten ollut"),
        ("pl", "i w na z się nie do że to jest o jak za od po przez dla ale co są tym być który która które jego jej ich tak już oraz może tylko przy było był była czy ze tego także gdy pod bez lub niż jeszcze bardzo"),
        ("cs", "a v se na je že s z do o to i jako za by ale po pro jsou tak od být který která které jeho při jak už ve byl byla bylo nebo také kde jen až aby podle této tím když ze ještě však má může"),
        ("ro", "și în de la cu pe nu că o un din este sau care mai pentru fi ca sunt au fost prin dar ce lui sa se al ale ei lor după fără este acest această între până când unde foarte despre"),
        ("hu", "a az és hogy nem is egy van volt de csak már meg mint ez ha még el azt ki sem vagy mert után minden lehet való között ezt nagyon majd több által szerint ami amely akkor illetve kell lesz voltak"),
        ("tr", "ve bir bu da de için ile olarak çok daha olan gibi ne var en o kadar sonra değil ki ama ya her olduğu olduğunu tarafından ise göre şey mi diye hem şu ben sen biz bunu onun ancak veya iki yok"),
        ("vi", "và của là có cho không được một trong với các những người này đã để khi về từ đến như cũng nhưng ra vào tại nhiều hơn sẽ phải thì ở trên bị theo năm sau làm rất đó còn nên"),
        ("id", "yang dan di dari untuk dengan ini itu pada dalam tidak adalah ke akan oleh juga saya kami mereka bisa ada atau telah lebih karena sebagai seperti dapat tersebut kita sudah namun saat orang hanya bahwa harus"),
        ("ca", "el la els les de del dels i en un una és que per amb no es al com més però seu seva són també aquest aquesta ha van va ser entre on quan fins hi molt ja sense tot perquè"),
    ];

    static readonly (string Language, string Words)[] Cyrillic =
    [
        ("ru", "и в не на что он с как это по но из у за от так же все для было она бы к о его то мы они только уже или если при вы ещё еще этот быть чтобы есть был также где когда"),
        ("uk", "і в не на що він з як це по але із у за від так же всі для було вона б до про його то ми вони тільки вже або якщо при ви ще цей бути щоб є був також де коли та"),
        ("bg", "и в не на че той с като това по но от за така се да е са беше тя би до за неговия ние те само вече или ако при вие още този бъде има също къде когато който която"),
        ("sr", "и у не на што он са као то по али из за од тако се да је су био она би до о његов ми они само већ или ако при ви још овај бити има такође где када који која"),
    ];

    static readonly FrozenDictionary<string, string[]> LatinWords = Index(Latin), CyrillicWords = Index(Cyrillic);

    /// <summary>A BCP 47 primary subtag, or empty when nothing can be said.</summary>
    public static string Detect(string text)
    {
        if (text.Length > Sample)
            text = text[..Sample];
        var scripts = new Dictionary<Script, int>();
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsLetter(rune))
                scripts[ScriptOf(rune)] = scripts.GetValueOrDefault(ScriptOf(rune)) + 1;
        var letters = scripts.Values.Sum();
        if (letters == 0)
            return "";
        int Share(Script script) => 100 * scripts.GetValueOrDefault(script) / letters;

        // Chinese characters say more with one letter than others with five, and technical texts are full of Latin names.
        if (Share(Script.Kana) >= 5)
            return "ja";
        if (Share(Script.Hangul) >= 15)
            return "ko";
        if (Share(Script.Han) >= 15)
            return "zh";
        return scripts.Where(script => script.Key != Script.Latin && script.Key != Script.Other).OrderByDescending(script => script.Value).Select(script => script.Key).FirstOrDefault(s => Share(s) >= 30) switch
        {
            Script.Cyrillic => ByWords(text, CyrillicWords),
            Script.Greek => "el",
            Script.Arabic => text.AsSpan().ContainsAny("پچژگ") ? "fa" : "ar",
            Script.Hebrew => "he",
            Script.Devanagari => "hi",
            Script.Bengali => "bn",
            Script.Tamil => "ta",
            Script.Thai => "th",
            Script.Georgian => "ka",
            Script.Armenian => "hy",
            _ => Share(Script.Latin) >= 50 ? ByWords(text, LatinWords) : "",
        };
    }

    static string ByWords(string text, FrozenDictionary<string, string[]> words)
    {
        var lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
        var lower = text.Normalize(NormalizationForm.FormC).ToLowerInvariant().AsSpan();
        var points = new Dictionary<string, double>(StringComparer.Ordinal);
        var count = 0;
        while (!lower.IsEmpty)
        {
            var start = 0;
            while (start < lower.Length && !char.IsLetter(lower[start]))
                start++;
            var end = start;
            while (end < lower.Length && (char.IsLetter(lower[end]) || char.GetUnicodeCategory(lower[end]) == System.Globalization.UnicodeCategory.NonSpacingMark))
                end++;
            if (end == start)
                break;
            count++;
            // A word that five languages share is a fifth of a hint.
            if (lookup.TryGetValue(lower[start..end], out var languages))
                foreach (var language in languages)
                    points[language] = points.GetValueOrDefault(language) + 1.0 / languages.Length;
            lower = lower[end..];
        }
        var best = points.OrderByDescending(language => language.Value).Take(2).ToArray();
        if (best.Length == 0 || best[0].Value < Math.Max(1, LeastShare * count))
            return "";
        return best.Length == 1 || best[0].Value >= Margin * best[1].Value ? best[0].Key : "";
    }

    static FrozenDictionary<string, string[]> Index((string Language, string Words)[] languages) => languages
        .SelectMany(language => language.Words.Split(' ').Distinct().Select(word => (word, language.Language)))
        .GroupBy(entry => entry.word, entry => entry.Language, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    enum Script { Other, Latin, Cyrillic, Greek, Arabic, Hebrew, Devanagari, Bengali, Tamil, Thai, Georgian, Armenian, Han, Kana, Hangul }

    // Blocks of the Unicode Standard, chapter 24; those that hold the letters of these languages.
    static Script ScriptOf(Rune rune) => rune.Value switch
    {
        < 0x0250 or (>= 0x1E00 and <= 0x1EFF) or (>= 0xFF21 and <= 0xFF5A) => Script.Latin,
        (>= 0x0370 and <= 0x03FF) or (>= 0x1F00 and <= 0x1FFF) => Script.Greek,
        >= 0x0400 and <= 0x052F => Script.Cyrillic,
        >= 0x0530 and <= 0x058F => Script.Armenian,
        >= 0x0590 and <= 0x05FF => Script.Hebrew,
        (>= 0x0600 and <= 0x06FF) or (>= 0x0750 and <= 0x077F) or (>= 0xFB50 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF) => Script.Arabic,
        >= 0x0900 and <= 0x097F => Script.Devanagari,
        >= 0x0980 and <= 0x09FF => Script.Bengali,
        >= 0x0B80 and <= 0x0BFF => Script.Tamil,
        >= 0x0E00 and <= 0x0E7F => Script.Thai,
        >= 0x10A0 and <= 0x10FF => Script.Georgian,
        (>= 0x1100 and <= 0x11FF) or (>= 0x3130 and <= 0x318F) or (>= 0xAC00 and <= 0xD7AF) => Script.Hangul,
        (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF) or (>= 0xFF66 and <= 0xFF9D) => Script.Kana,
        (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF) => Script.Han,
        _ => Script.Other,
    };
}
