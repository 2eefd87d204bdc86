using Blog.Recommendations.Data;
using Npgsql;

namespace Blog.Recommendations.Articles;

/// <summary>The numbers that stand for articles in this service.</summary>
static class ArticleNumbers
{
    /// <summary>The number of an article; one that is heard of for the first time gets one.</summary>
    public static async Task<int> NumberOfAsync(this NpgsqlConnection connection, Guid article, CancellationToken cancel)
    {
        const string Find = "select number from articles where article_id = $1";
        // Looked for first, since a refused insert uses up a number.
        foreach (var sql in new[] { Find, "insert into articles (article_id) values ($1) on conflict do nothing returning number", Find })
            if (await connection.ListAsync<int>(sql, [article], cancel) is [var number])
                return number;
        throw new InvalidOperationException($"Article {article} has no number.");
    }

    /// <summary>Lets the audiences of these articles be measured anew, soon.</summary>
    public static Task MeasureAsync(this NpgsqlConnection connection, int[] numbers, DateTime due, CancellationToken cancel) =>
        connection.DoAsync("insert into audience_jobs (number, due) select number, $2 from unnest($1) as n (number) order by number on conflict do nothing", [numbers, due], cancel);
}
