namespace Blog.StandIns.Tests;

/// <summary>Waits for a condition, with a deadline.</summary>
static class Until
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<T> NotNullAsync<T>(Func<T?> look, Func<string>? otherwise = null) where T : class
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (look() is { } found) return found;
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"It did not come about within {Patience}. {otherwise?.Invoke()}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public static Task TrueAsync(Func<bool> condition, Func<string>? otherwise = null) => NotNullAsync(() => condition() ? "" : null, otherwise);
}
