using System.Globalization;

namespace Blog.Bench;

/// <summary>Memory of a process and everything it started, from /proc (Linux).</summary>
static class ProcessTree
{
    /// <summary>Proportional set size (shared pages divided among those that share them) of each process of the tree, in MB (10^6 bytes).</summary>
    public static IReadOnlyList<(string Name, double Megabytes)> ProportionalMemory(int root)
    {
        var parents = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).Select(pid => (Pid: pid, Parent: ParentOf(pid))).ToList();
        var tree = new HashSet<int> { root };
        while (parents.Where(p => tree.Contains(p.Parent) && !tree.Contains(p.Pid)).Select(p => p.Pid).ToList() is { Count: > 0 } children) tree.UnionWith(children);
        return [.. tree.Select(pid => (NameOf(pid), MemoryOf(pid))).Where(p => p.Item2 > 0)];
    }

    static int ParentOf(int pid) => Read($"/proc/{pid}/status").Where(l => l.StartsWith("PPid:", StringComparison.Ordinal))
        .Select(l => int.Parse(l.AsSpan(5), CultureInfo.InvariantCulture)).FirstOrDefault();

    static string NameOf(int pid)
    {
        var words = string.Join(' ', Read($"/proc/{pid}/cmdline")).Split('\0', ' ');
        return string.Join(' ', words.Select(w => Path.GetFileName(w)).Where(w => w.Length > 0).Take(3));
    }

    static double MemoryOf(int pid) => Read($"/proc/{pid}/smaps_rollup").Where(l => l.StartsWith("Pss:", StringComparison.Ordinal))
        .Select(l => double.Parse(l.AsSpan(4).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024 / 1e6).FirstOrDefault();

    static string[] Read(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
