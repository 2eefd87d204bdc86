using System.Reflection;
using Microsoft.EntityFrameworkCore;

namespace Blog.ServiceDefaults.Data;

/// <summary>One naming rule for columns.</summary>
public static class SnakeCaseColumns
{
    /// <summary>Columns of the entity types of <paramref name="assembly"/> are named as in the SQL: <c>author_id</c> for <c>AuthorId</c>.</summary>
    public static ModelBuilder UseSnakeCaseColumns(this ModelBuilder model, Assembly assembly)
    {
        foreach (var property in model.Model.GetEntityTypes().Where(type => type.ClrType.Assembly == assembly).SelectMany(type => type.GetProperties()))
            property.SetColumnName(ColumnName(property.Name));
        return model;
    }

    internal static string ColumnName(string property) =>
        string.Concat(property.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : char.ToLowerInvariant(c).ToString()));
}
