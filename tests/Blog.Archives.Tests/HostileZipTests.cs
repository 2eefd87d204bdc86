using Shouldly;
using Xunit;

namespace Blog.Archives.Tests;

public sealed class HostileZipTests : IDisposable
{
    readonly SampleArchives samples = new();

    public void Dispose() => samples.Dispose();

    [Theory]
    [InlineData("../outside.md")]
    [InlineData("posts/../../outside.md")]
    [InlineData("/etc/outside.md")]
    [InlineData("C:\\outside.md")]
    [InlineData("..\\outside.md")]
    public void Names_that_lead_out_are_refused_and_the_rest_is_read(string name)
    {
        var (articles, remarks) = SampleArchives.Read(samples.Zip("out.zip", ("in.md", "# In\n\nText"), (name, "# Out\n\nText")));

        articles.ShouldHaveSingleItem().Title.ShouldBe("In");
        remarks.ShouldHaveSingleItem().IsFailure.ShouldBeTrue();
    }

    [Fact]
    public void A_bomb_is_not_unpacked()
    {
        var (articles, remarks) = SampleArchives.Read(samples.ZipOf("bomb.zip", ("in.md", "# In\n\nText"u8.ToArray()), ("bomb.md", new byte[64 << 20])));

        articles.Count.ShouldBe(1);
        remarks.ShouldHaveSingleItem().Reason.ShouldContain("times its size");
    }

    [Fact]
    public void A_bomb_that_lies_about_its_size_is_stopped_while_it_is_read()
    {
        var zip = samples.ZipOf("liar.zip", ("bomb.md", new byte[64 << 20]));
        var bytes = File.ReadAllBytes(zip);
        // The size in the central directory becomes 1,000 bytes.
        var at = bytes.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(at + 24), 1000);
        File.WriteAllBytes(zip, bytes);

        var (articles, remarks) = SampleArchives.Read(zip);
        (articles.Sum(a => a.Body.Length) + remarks.Count).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void Everything_together_is_bounded_as_well()
    {
        var zip = samples.ZipOf("many.zip", [.. Enumerable.Range(0, 20).Select(n => ($"{n:00}.md", Enumerable.Range(0, 100_000).Select(i => (byte)('a' + i * 7919 % 26)).ToArray()))]);

        var (articles, remarks) = SampleArchives.Read(zip, new ArchiveLimits { Total = 1_000_000 });
        (articles.Count, remarks.Count(r => r.IsFailure)).ShouldBe((10, 10));
    }

    [Fact]
    public void Of_remarks_beyond_what_is_listed_their_number_is_said()
    {
        var csv = SubstackReaderTests.Columns + string.Concat(Enumerable.Range(1, 8).Select(n => $"{n}.a{n},2021-01-01T00:00:00Z,true,,,newsletter,everyone,A{n},,\n"));

        var (articles, remarks) = SampleArchives.Read(samples.Zip("many.zip", ("posts.csv", csv), ("posts/8.a8.html", "<p>There</p>")), new ArchiveLimits { Remarks = 5 });
        articles.ShouldHaveSingleItem().Title.ShouldBe("A8");
        remarks.Count.ShouldBe(6);
        remarks[^1].Reason.ShouldStartWith("2 more are not imported");
    }

    [Fact]
    public void More_stories_than_may_be_are_refused_as_a_whole() =>
        Should.Throw<ArchiveRefusedException>(() => SampleArchives.Read(samples.Zip("many.zip", [.. Enumerable.Range(0, 6).Select(n => ($"{n}.md", "x"))]), new ArchiveLimits { Items = 5 })).Message.ShouldContain("more than 5 stories");

    [Fact]
    public void A_zip_of_more_files_than_may_be_is_refused_before_they_are_listed() =>
        Should.Throw<ArchiveRefusedException>(() => SampleArchives.Read(samples.Zip("many.zip", [.. Enumerable.Range(0, 60).Select(n => ($"{n}.md", "x"))]), new ArchiveLimits { Files = 50 })).Message.ShouldContain("more than 50 files");

    [Fact]
    public void Two_files_of_one_name_are_said()
    {
        var (articles, remarks) = SampleArchives.Read(samples.Zip("twice.zip", ("a.md", "# First\n\nx"), ("a.md", "# Second\n\nx")));

        articles.ShouldHaveSingleItem().Title.ShouldBe("First");
        remarks.ShouldHaveSingleItem().Reason.ShouldContain("two files of this name");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void A_zip_that_broke_off_is_refused_in_words(double part)
    {
        var zip = samples.Zip("whole.zip", ("a.md", new string('x', 5000)), ("b.md", "# B\n\ny"));
        var bytes = File.ReadAllBytes(zip);
        File.WriteAllBytes(zip, bytes[..(int)(bytes.Length * part)]);

        Should.Throw<ArchiveRefusedException>(() => SampleArchives.Read(zip)).Message.ShouldContain("not all of it has come");
    }

    [Fact]
    public void Damage_inside_hurts_only_what_is_damaged()
    {
        var zip = samples.Zip("damaged.zip", ("a.md", "# A\n\n" + string.Concat(Enumerable.Range(0, 2000))), ("b.md", "# B\n\ny"));
        var bytes = File.ReadAllBytes(zip);
        bytes.AsSpan(60, 400).Fill(0xFF);
        File.WriteAllBytes(zip, bytes);

        var (articles, remarks) = SampleArchives.Read(zip);
        articles.Select(a => a.Title).ShouldBe(["B"]);
        remarks.ShouldHaveSingleItem().Path.ShouldBe("a.md");
    }

    [Fact]
    public void Several_readers_at_once_do_not_disturb_one_another()
    {
        var files = Enumerable.Range(0, 40).Select(n => ($"{n}.md", string.Concat(Enumerable.Range(n * 1000, 3000)))).ToArray();
        using var archive = Archive.Open(samples.Zip("many.zip", files));

        Parallel.ForEach(files, file =>
        {
            using var reader = new StreamReader(archive.Files.OpenRead(file.Item1));
            reader.ReadToEnd().ShouldBe(file.Item2);
        });
    }
}
