using System.Text;

namespace Blog.DevBroker.Storage;

/// <summary>Small files that are replaced as a whole: a reader after a crash finds the old content or the new, never half of one.</summary>
static class DurableFile
{
    public static void Replace(string path, string content)
    {
        var temporary = path + ".new";
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, Encoding.UTF8.GetBytes(content), 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
