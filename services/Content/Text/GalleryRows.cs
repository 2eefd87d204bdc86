namespace Blog.Content.Text;

/// <summary>
/// How the pictures of a gallery stand in rows of one height. The rich editor lays them out by the same rules (web/site/lib/editor/gallery-rows.ts).
/// </summary>
/// <remarks>
/// The shape of a picture is counted in twelfths of a doubling. The simple ratios that cameras make are nearly whole numbers of these, for the reason for which fifths and fourths are on a piano: 3:2 is 7.02, 4:3 is
/// 4.98, 16:9 is 9.96. So a style sheet needs 41 shapes, since the content policy allows no styles in lines, and what is cut off a picture to have one of them is 3 % at most.
/// </remarks>
static class GalleryRows
{
    /// <summary>Narrower ones (2:5) are cut.</summary>
    const int Narrowest = -16;

    /// <summary>Wider ones (4:1) are cut.</summary>
    const int Widest = 24;

    /// <summary>Rows are about so many times as wide as they are high.</summary>
    const double Wanted = 3;

    const int MostInRow = 5;

    /// <summary>What two sums may differ by and still be the same: it decides alike here and in a browser.</summary>
    const double Alike = 1e-9;

    /// <summary>The shape of a picture: 12 is twice as wide as high, 0 a square, -12 twice as high as wide.</summary>
    public static int Shape(int width, int height) => Math.Clamp((int)Math.Floor(12 * Math.Log2((double)width / height) + .5), Narrowest, Widest);

    /// <summary>Width by height of a shape.</summary>
    public static double Ratio(int shape) => Math.Pow(2, shape / 12.0);

    /// <summary>How many pictures each row has, so that all rows together come nearest to the wanted height.</summary>
    public static IReadOnlyList<int> Of(IReadOnlyList<int> shapes)
    {
        var least = new double[shapes.Count + 1];
        var rowTo = new int[shapes.Count + 1];
        for (var end = 1; end <= shapes.Count; end++)
        {
            least[end] = double.MaxValue;
            for (var start = Math.Max(0, end - MostInRow); start < end; start++)
            {
                var cost = least[start] + Cost(shapes, start, end);
                if (cost >= least[end] - Alike) continue;
                least[end] = cost;
                rowTo[end] = start;
            }
        }
        var rows = new List<int>();
        for (var end = shapes.Count; end > 0; end = rowTo[end]) rows.Insert(0, end - rowTo[end]);
        return rows;
    }

    static double Cost(IReadOnlyList<int> shapes, int start, int end)
    {
        var sum = 0.0;
        for (var at = start; at < end; at++) sum += Ratio(shapes[at]);
        return Math.Pow(Math.Log(sum / Wanted), 2);
    }
}
