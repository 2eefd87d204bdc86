using System.IO.Hashing;
using System.Text;

namespace Blog.StandIns.Tests;

public sealed class XxHash64Tests
{
    // Vectors published with the algorithm (xxHash specification and its sanity test) and with .NET's own implementation.
    [Theory]
    [InlineData("", 0, 0xEF46DB3751D8E999)]
    [InlineData("a", 0, 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0, 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0, 0xFBCEA83C8A378BF1)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0, 0x0B242D361FDA71BC)]
    [InlineData("xxhash", 0, 0x32DD38952C4BC720)]
    [InlineData("xxhash", 20141025, 0xB559B98D844E0635)]
    [InlineData("I want an unsigned 64-bit seed!", 0, 0xD4CB0A70A2B8C7C1)]
    public void The_published_vectors_come_out(string text, long seed, ulong expected)
    {
        XxHash64.HashToUInt64(Encoding.ASCII.GetBytes(text), seed).ShouldBe(expected);
    }

    [Fact]
    public void The_bytes_are_big_endian()
    {
        XxHash64.Hash("abc"u8.ToArray()).ShouldBe([0x44, 0xBC, 0x2C, 0xF5, 0xAD, 0x77, 0x09, 0x99]);
    }

    // xxHash's own sanity test: bytes of a generator, at lengths around the borders of the algorithm's loops.
    [Theory]
    [InlineData(1, 0, 0xE934A84ADB052768)]
    [InlineData(1, 2654435761, 0x5014607643A9B4C3)]
    [InlineData(14, 0, 0x8282DCC4994E35C8)]
    [InlineData(14, 2654435761, 0xC3BD6BF63DEB6DF0)]
    [InlineData(222, 0, 0xB641AE8CB691C174)]
    [InlineData(222, 2654435761, 0x20CB8AB7AE10C14A)]
    public void The_sanity_test_of_the_reference_implementation_passes(int length, long seed, ulong expected)
    {
        var bytes = new byte[length];
        for (ulong i = 0, generator = 2654435761; i < (ulong)length; i++, generator *= 11400714785074694797)
            bytes[i] = (byte)(generator >> 56);

        XxHash64.HashToUInt64(bytes, seed).ShouldBe(expected);
    }
}
