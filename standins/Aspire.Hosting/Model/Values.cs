using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value known only when the application runs: an address, a secret.</summary>
public interface IValueProvider
{
    /// <summary>The value, or null when there is none.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>A value that a deployment manifest names instead of resolving.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The name, in braces.</summary>
    string ValueExpression { get; }
}

/// <summary>Text with values in it that are known only when the application runs. Made from an interpolated string.</summary>
public sealed class ReferenceExpression : IValueProvider, IManifestExpressionProvider
{
    readonly IReadOnlyList<IValueProvider> providers;

    ReferenceExpression(string format, IReadOnlyList<IValueProvider> providers)
    {
        Format = format;
        this.providers = providers;
    }

    /// <summary>Composite format string; its arguments are <see cref="ValueProviders"/>.</summary>
    public string Format { get; }

    /// <summary>The values to resolve.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders => providers;

    /// <inheritdoc />
    public string ValueExpression => string.Format(
        CultureInfo.InvariantCulture, Format, [.. providers.Select(p => (p as IManifestExpressionProvider)?.ValueExpression ?? "")]);

    /// <summary>Creates the expression from an interpolated string.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.Build();

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var values = new object?[providers.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = await providers[i].GetValueAsync(cancellationToken).ConfigureAwait(false);
        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    /// <summary>Collects the parts of the interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler
    {
        readonly StringBuilder format;
        readonly List<IValueProvider> values = [];

        /// <summary>Called by the compiler.</summary>
        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount) => format = new(literalLength + (formattedCount * 4));

        /// <summary>Called by the compiler.</summary>
        public void AppendLiteral(string value) => format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

        /// <summary>Called by the compiler.</summary>
        public void AppendFormatted(string? value) => AppendLiteral(value ?? "");

        /// <summary>Called by the compiler.</summary>
        public void AppendFormatted<T>(T value)
            where T : IValueProvider, IManifestExpressionProvider
        {
            format.Append(CultureInfo.InvariantCulture, $"{{{values.Count}}}");
            values.Add(value);
        }

        /// <summary>Called by the compiler.</summary>
        public void AppendFormatted<T>(IResourceBuilder<T> value)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(value.Resource);

        internal ReferenceExpression Build() => new(format.ToString(), [.. values]);
    }
}

/// <summary>A setting from configuration <c>Parameters:{name}</c>, or a generated secret.</summary>
public class ParameterResource : Resource, IValueProvider, IManifestExpressionProvider
{
    readonly Lazy<string> value;

    /// <summary>Creates the parameter; <paramref name="callback"/> finds the value and receives the default, if there is one.</summary>
    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        Secret = secret;
        value = new(() => callback(Default));
    }

    /// <summary>True when the value must not be shown.</summary>
    public bool Secret { get; }

    /// <summary>Used when configuration has no value.</summary>
    public ParameterDefault? Default { get; set; }

    /// <inheritdoc />
    public string ValueExpression => $"{{{Name}.value}}";

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(value.Value);
}

/// <summary>Makes a value for a parameter that configuration does not set.</summary>
public abstract class ParameterDefault
{
    /// <summary>A value; a new one on each call when it is random.</summary>
    public abstract string GetDefaultValue();
}

/// <summary>A random secret.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    const string Lower = "abcdefghijkmnpqrstuvwxyz", Upper = "ABCDEFGHJKLMNPQRSTUVWXYZ", Digits = "0123456789", Symbols = "-_.{}~()*+!";

    /// <summary>Length, at least 16.</summary>
    public int MinLength { get; set; } = 22;


    /// <summary>Punctuation is used.</summary>
    public bool Special { get; set; } = true;

    /// <inheritdoc />
    public override string GetDefaultValue() => System.Security.Cryptography.RandomNumberGenerator.GetString(
        Lower + Upper + Digits + (Special ? Symbols : ""), Math.Max(MinLength, 16));
}
