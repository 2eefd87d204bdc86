using System.Text;
using Blog.Content.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Content.Texts;

/// <summary>blog.content.v1.Texts. Each use case is a file of this folder.</summary>
[Authorize(Policy = Policies.Service)]
sealed partial class TextsService(ContentDbContext db) : V1.Texts.TextsBase
{
    const int MaxBatch = 100;

    // Bytes of text in one answer; the other side takes 16 MB.
    const int LargestAnswer = 8 * 1024 * 1024;

    static void MustFit(int count, string field)
    {
        if (count > MaxBatch)
            throw RpcErrors.InvalidArgument((field, $"Ask for at most {MaxBatch} texts at a time."));
    }

    static Guid Id(string text) => Guid.TryParseExact(text, "D", out var id) ? id : Guid.Empty;

    /// <summary>Room for the texts of one answer. The first always fits.</summary>
    sealed class Room
    {
        int taken;

        public bool IsFull => taken >= LargestAnswer;

        public string Take(string text)
        {
            taken += Encoding.UTF8.GetByteCount(text);
            return text;
        }
    }
}
