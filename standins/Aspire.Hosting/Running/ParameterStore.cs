using Aspire.Hosting.ApplicationModel;
using System.Text.Json;

namespace Aspire.Hosting.Running;

/// <summary>Generated secrets, made once and kept in <c>parameters.json</c> of the data folder, readable by its owner alone.</summary>
sealed class ParameterStore(AppHostFolder folder)
{
    static readonly Lock Gate = new();
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public string GetOrAdd(string name, ParameterDefault fallback)
    {
        lock (Gate)
        {
            var file = Path.Combine(folder.Path, "parameters.json");
            var values = File.Exists(file)
                ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(file))!
                : new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (values.TryGetValue(name, out var value))
                return value;
            values[name] = value = fallback.GetDefaultValue();

            // Written beside and moved, so that a crash leaves the old file or the new one.
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(file + ".new", options))
                JsonSerializer.Serialize(stream, values, Indented);
            File.Move(file + ".new", file, overwrite: true);
            return value;
        }
    }
}
