using Blog.Search.Indexing;

namespace Blog.Search.Tests.Indexing;

public sealed class LanguageDetectorTests
{
    [Theory]
    [InlineData("en", "The borrow checker is the part of the compiler that makes sure references are always valid, and it does so without any cost at run time.")]
    [InlineData("de", "Die Donaudampfschifffahrtsgesellschaft hat gestern bekannt gegeben, dass sie ihre Schiffe auf der Donau nicht mehr mit Kohle betreiben wird.")]
    [InlineData("fr", "Le chat est assis sur la table et il regarde par la fenêtre, mais personne ne sait ce qu'il pense de tout cela.")]
    [InlineData("es", "El perro corre por el parque mientras los niños juegan con la pelota, y nadie sabe cuándo van a volver a su casa.")]
    [InlineData("pt", "O menino não sabe onde deixou os seus livros, mas ele vai procurar em todos os lugares da casa até encontrar.")]
    [InlineData("it", "Il gatto è sul tavolo e guarda fuori dalla finestra, ma nessuno sa che cosa pensa di tutto questo quando è solo.")]
    [InlineData("nl", "Het is niet duidelijk waarom de trein vandaag te laat is, maar er wordt gezegd dat het aan het weer ligt.")]
    [InlineData("sv", "Det är inte så lätt att förstå varför tåget är försenat, men man säger att det beror på vädret och att det ska bli bättre.")]
    [InlineData("pl", "Nie wiadomo, dlaczego pociąg się dzisiaj spóźnia, ale mówi się, że to przez pogodę, która jest bardzo zła od rana.")]
    [InlineData("tr", "Bu sabah hava çok soğuk olduğu için trenin geç kalacağını söylediler, ama ben yine de erken çıktım ve iki saat bekledim.")]
    [InlineData("vi", "Hôm nay trời rất lạnh và những người đi tàu không biết khi nào tàu sẽ đến, nhưng họ vẫn chờ ở ga trong nhiều giờ.")]
    [InlineData("ru", "Никто не знает, почему поезд сегодня опаздывает, но говорят, что это из-за погоды, которая была плохой с самого утра.")]
    [InlineData("uk", "Ніхто не знає, чому поїзд сьогодні запізнюється, але кажуть, що це через погоду, яка була поганою з самого ранку.")]
    [InlineData("el", "Κανείς δεν ξέρει γιατί το τρένο καθυστερεί σήμερα.")]
    [InlineData("ar", "لا أحد يعرف لماذا يتأخر القطار اليوم")]
    [InlineData("fa", "هیچ کس نمی‌داند چرا قطار امروز دیر کرده است؛ پدرم می‌گوید به خاطر هواست")]
    [InlineData("he", "איש אינו יודע מדוע הרכבת מאחרת היום")]
    [InlineData("hi", "किसी को नहीं पता कि आज ट्रेन क्यों देर से आ रही है")]
    [InlineData("th", "ไม่มีใครรู้ว่าทำไมวันนี้รถไฟมาสาย")]
    [InlineData("zh", "没有人知道为什么今天火车晚点。我们用 Rust 写了一个 HTTP 服务器。")]
    [InlineData("ja", "今日はなぜ電車が遅れているのか、誰も知りません。")]
    [InlineData("ko", "오늘 기차가 왜 늦는지 아무도 모릅니다.")]
    public void A_paragraph_is_enough(string language, string text) => LanguageDetector.Detect(text).ShouldBe(language);

    [Theory]
    [InlineData("")]
    [InlineData("12 34 !? 🙂")]
    [InlineData("fn main() { let x = vec![1, 2, 3]; println!(\"{x:?}\"); }")]
    [InlineData("Rust 1.88.0")]
    public void Of_what_tells_nothing_nothing_is_said(string text) => LanguageDetector.Detect(text).ShouldBe("");

    [Fact]
    public void Much_code_does_not_hide_the_language_of_the_prose() => LanguageDetector.Detect(
        "Wir zeigen, wie man die Funktion schreibt und was sie mit einer Liste von Zahlen macht. " + string.Concat(Enumerable.Repeat("let value = compute(index, buffer); ", 6))).ShouldBe("de");
}
