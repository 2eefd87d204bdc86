using Blog.Archives.Files;
using Shouldly;
using Xunit;

namespace Blog.Archives.Tests;

public sealed class FolderFilesTests : IDisposable
{
    readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("blog-import-");
    readonly FolderFiles folder;

    public FolderFilesTests()
    {
        Write("secret.png");
        Write("site/post/index.md");
        Write("site/post/own.png");
        Write("site/static/images/shared.png");
        Write("site/a b.md");
        Write("site/.git/hidden.md");
        File.CreateSymbolicLink(Path.Combine(parent.FullName, "site/post/link.png"), Path.Combine(parent.FullName, "secret.png"));
        folder = new(Path.Combine(parent.FullName, "site"));
    }

    public void Dispose() => parent.Delete(recursive: true);

    [Fact]
    public void Files_are_listed_without_hidden_folders_and_links() => folder.Paths.ShouldBe(["a b.md", "post/index.md", "post/own.png", "static/images/shared.png"]);

    [Theory]
    [InlineData("own.png", "post/own.png")]
    [InlineData("./own.png?x=1#y", "post/own.png")]
    [InlineData("/images/shared.png", "static/images/shared.png")]
    [InlineData("../a%20b.md", "a b.md")]
    [InlineData("@/a b.md", "a b.md")]
    [InlineData("missing.png", null)]
    public void An_address_is_found_beside_the_file_or_from_the_root(string address, string? expected) =>
        folder.Resolve("post/index.md", address).ShouldBe(expected);

    [Theory]
    [InlineData("../../secret.png")]
    [InlineData("..%2f..%2fsecret.png")]
    [InlineData("/../secret.png")]
    [InlineData("link.png")]
    [InlineData("../../../../../../../../etc/passwd")]
    public void Nothing_outside_the_folder_is_ever_reached(string address) =>
        Should.Throw<UnauthorizedAccessException>(() => folder.Resolve("post/index.md", address));

    void Write(string path)
    {
        var full = Path.Combine(parent.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, path);
    }
}
