using Blog.Search.Engines;
using Blog.Search.Engines.PostgreSql;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Search.Tests;

/// <summary>One shelf with an article in each of twenty languages, searched in each without saying which.</summary>
public sealed class LanguageShelf : IAsyncLifetime
{
    static readonly (string Language, string Title, string Body)[] Articles =
    [
        ("en", "Running a library", "Libraries are written once and read many times; their authors' names were printed on every page."),
        ("de", "Die Donaudampfschifffahrtsgesellschaft", "Die Häuser am Fluss wurden größer, und die Reisenden genossen die Straßen der alten Städte."),
        ("de", "Zahlungsverkehr in Genossenschaften", "Der bargeldlose Zahlungsverkehr ist heute üblich."),
        ("fr", "Les élèves à l'école", "Les développeurs écrivaient des programmes pour les hôpitaux français ; ça n'était pas naïf."),
        ("es", "Canciones de los niños", "Las programaciones de los años pasados enseñaron a los españoles nuevas canciones."),
        ("pt", "Ações e corações", "As avaliações dos usuários são informações importantes para as organizações."),
        ("it", "Le città più belle", "I viaggiatori amavano le piccole città e la qualità della vita perché è così."),
        ("nl", "Arbeidsongeschiktheidsverzekering", "De verzekeringen werden vergeleken door de gebruikers."),
        ("sv", "Sjukvårdspersonalen", "Människorna läste böckerna i trädgårdarna."),
        ("pl", "Zażółć gęślą jaźń", "Łódź leży w środku kraju i żółte liście spadają."),
        ("ru", "Книги о программировании", "Программисты читали новые книги и обсуждали алгоритмы; ёлка стояла у окна."),
        ("tr", "İstanbul'un kitapçıları", "Işıklı caddelerde kitapları okuyan insanlar vardı; DIŞARIDA yağmur yağıyordu."),
        ("el", "Οι βιβλιοθήκες της Αθήνας", "Οι άνθρωποι διάβαζαν βιβλία στους δρόμους."),
        ("ar", "المَكتَبَة العامّة", "يقرأ الطلاب الكتب في المكتبة الكبيرة إلى أن يأتي المساء، وأحمد يكتب رسالة."),
        ("hi", "पुस्तकालय की कहानी", "लड़के किताबें पढ़ते हैं और लड़कियाँ कहानियाँ लिखती हैं।"),
        ("zh", "上海图书馆的历史", "人们在图书馆里阅读有关计算机科学的书籍。"),
        ("ja", "東京の図書館で本を読む", "プログラミング言語についての本を借りて、カフェで読みました。"),
        ("ko", "서울의 도서관", "한국어를 배우는 사람들이 도서관에서 책을 읽었다."),
        ("th", "ห้องสมุดในกรุงเทพมหานคร", "นักเรียนอ่านหนังสือเกี่ยวกับคอมพิวเตอร์ในห้องสมุดทุกวัน"),
        ("vi", "Thư viện ở Hà Nội", "Những người đọc sách yêu thích tiếng Việt và Đà Nẵng."),
        ("he", "הספרייה הלאומית", "שָׁלוֹם לכל הקוראים של הספרים החדשים."),
        ("uk", "Бібліотека в Києві", "Їжак читає книжки, а ґанок прикрашений."),
        ("fa", "کتابخانهٔ ملی ایران", "دانشجویان کتاب‌ها را می‌خوانند."),
        ("cs", "Příliš žluťoučký kůň", "Kůň pěl ďábelské ódy."),
    ];

    ServiceHostHandle? host;

    public ISearchEngine Engine => host!.Engine;

    public SearchFixture Search { get; }

    public LanguageShelf(SearchFixture search) => Search = search;

    public async ValueTask InitializeAsync()
    {
        host = new(Search.StartHost(await Search.Postgres.CreateDatabaseAsync()));
        await Engine.PutAsync([.. Articles.Select(article => Make.Article(article.Title, article.Body, article.Language))]);
    }

    public ValueTask DisposeAsync() => host!.DisposeAsync();

    sealed class ServiceHostHandle(Blog.Testing.ServiceHost<Program> host) : IAsyncDisposable
    {
        public ISearchEngine Engine => host.Services.GetRequiredService<PostgreSqlEngine>();
        public ValueTask DisposeAsync() => host.DisposeAsync();
    }
}

public sealed class LanguageTests(LanguageShelf shelf) : IClassFixture<LanguageShelf>
{
    [Theory]
    // English: other forms, possessives.
    [InlineData("library", "Running a library")]
    [InlineData("libraries reading", "Running a library")]
    [InlineData("author's name", "Running a library")]
    // German: compounds by their parts, umlauts with and without, sharp s.
    [InlineData("Dampfschiff", "Die Donaudampfschifffahrtsgesellschaft")]
    [InlineData("Schifffahrt", "Die Donaudampfschifffahrtsgesellschaft")]
    [InlineData("gesellschaft", "Die Donaudampfschifffahrtsgesellschaft")]
    [InlineData("Donaudampfschifffahrtsgesellschaft", "Die Donaudampfschifffahrtsgesellschaft")]
    [InlineData("haus", "Die Donaudampfschifffahrtsgesellschaft")]
    [InlineData("grösser", "Die Donaudampfschifffahrtsgesellschaft")]
    [InlineData("strasse", "Die Donaudampfschifffahrtsgesellschaft")]
    [InlineData("Verkehr", "Zahlungsverkehr in Genossenschaften")]
    [InlineData("Genossenschaft", "Zahlungsverkehr in Genossenschaften")]
    // French: with and without accents, elision.
    [InlineData("école", "Les élèves à l'école")]
    [InlineData("ecole", "Les élèves à l'école")]
    [InlineData("développeur", "Les élèves à l'école")]
    [InlineData("hopitaux francais", "Les élèves à l'école")]
    // Spanish, Portuguese, Italian.
    [InlineData("canción", "Canciones de los niños")]
    [InlineData("ninos", "Canciones de los niños")]
    [InlineData("programación", "Canciones de los niños")]
    [InlineData("avaliação", "Ações e corações")]
    [InlineData("coracoes", "Ações e corações")]
    [InlineData("informação", "Ações e corações")]
    [InlineData("citta", "Le città più belle")]
    [InlineData("viaggiatore", "Le città più belle")]
    // Dutch and Swedish compounds.
    [InlineData("verzekering", "Arbeidsongeschiktheidsverzekering")]
    [InlineData("personal", "Sjukvårdspersonalen")]
    [InlineData("bockerna", "Sjukvårdspersonalen")]
    // Polish and Czech: no stemmer, but no accents needed.
    [InlineData("zazolc gesla", "Zażółć gęślą jaźń")]
    [InlineData("lodz", "Zażółć gęślą jaźń")]
    [InlineData("zlutoucky kun", "Příliš žluťoučký kůň")]
    // Russian and Ukrainian: other forms, ё and е.
    [InlineData("книга", "Книги о программировании")]
    [InlineData("программист", "Книги о программировании")]
    [InlineData("елка", "Книги о программировании")]
    [InlineData("АЛГОРИТМЫ", "Книги о программировании")]
    [InlineData("бібліотека", "Бібліотека в Києві")]
    // Turkish: the i with and without a dot, endings.
    [InlineData("istanbul", "İstanbul'un kitapçıları")]
    [InlineData("ISTANBUL", "İstanbul'un kitapçıları")]
    [InlineData("İSTANBUL", "İstanbul'un kitapçıları")]
    [InlineData("kitap", "İstanbul'un kitapçıları")]
    [InlineData("ışıklı", "İstanbul'un kitapçıları")]
    [InlineData("isikli", "İstanbul'un kitapçıları")]
    [InlineData("dışarıda", "İstanbul'un kitapçıları")]
    // Greek: accents, capital letters, the final sigma.
    [InlineData("βιβλιοθήκη", "Οι βιβλιοθήκες της Αθήνας")]
    [InlineData("βιβλιοθηκες", "Οι βιβλιοθήκες της Αθήνας")]
    [InlineData("ΔΡΌΜΟΥΣ", "Οι βιβλιοθήκες της Αθήνας")]
    // Arabic: vowel signs, forms of alef, ta marbuta; Hebrew points; Persian letters and joiners.
    [InlineData("المكتبة", "المَكتَبَة العامّة")]
    [InlineData("مكتبه", "المَكتَبَة العامّة")]
    [InlineData("احمد", "المَكتَبَة العامّة")]
    [InlineData("الي", "المَكتَبَة العامّة")]
    [InlineData("שלום", "הספרייה הלאומית")]
    [InlineData("كتابخانه", "کتابخانهٔ ملی ایران")]
    // Hindi.
    [InlineData("पुस्तकालय", "पुस्तकालय की कहानी")]
    [InlineData("किताब", "पुस्तकालय की कहानी")]
    // Chinese, Japanese, Korean, Thai: no spaces.
    [InlineData("图书馆", "上海图书馆的历史")]
    [InlineData("计算机", "上海图书馆的历史")]
    [InlineData("科学 阅读", "上海图书馆的历史")]
    [InlineData("書館", "東京の図書館で本を読む")]
    [InlineData("東京", "東京の図書館で本を読む")]
    [InlineData("プログラミング", "東京の図書館で本を読む")]
    [InlineData("ﾌﾟﾛｸﾞﾗﾐﾝｸﾞ", "東京の図書館で本を読む")]
    [InlineData("京", "東京の図書館で本を読む")]
    [InlineData("도서관", "서울의 도서관")]
    [InlineData("한국어", "서울의 도서관")]
    [InlineData("คอมพิวเตอร์", "ห้องสมุดในกรุงเทพมหานคร")]
    [InlineData("หนังสือ", "ห้องสมุดในกรุงเทพมหานคร")]
    // Vietnamese with and without accents.
    [InlineData("Hà Nội", "Thư viện ở Hà Nội")]
    [InlineData("ha noi", "Thư viện ở Hà Nội")]
    [InlineData("tieng viet", "Thư viện ở Hà Nội")]
    [InlineData("da nang", "Thư viện ở Hà Nội")]
    public async Task A_word_is_found_as_people_type_it(string query, string title)
    {
        var page = await shelf.Engine.FindAsync(query);
        var titles = page.Articles.Select(article => string.Concat(article.Title.Select(piece => piece.Text))).ToList();
        titles.ShouldContain(title);
        page.Similar.ShouldBeFalse($"found only {page.DidYouMean}");
    }

    [Theory]
    [InlineData("图馆")]
    [InlineData("馆书图")]
    [InlineData("京図書")]
    public async Task A_row_of_signs_is_found_in_its_order_alone(string query) =>
        (await shelf.Engine.FindAsync(query)).Articles.ShouldBeEmpty();

    [Fact]
    public async Task Found_signs_are_marked_as_one_piece() =>
        (await shelf.Engine.FindAsync("图书馆")).Articles.ShouldHaveSingleItem().Title.ShouldBe([new("上海", false), new("图书馆", true), new("的历史", false)]);

    [Fact]
    public async Task A_filter_keeps_one_language() =>
        (await shelf.Engine.TitlesAsync("lang:ru")).ShouldBe(["Книги о программировании"]);
}
