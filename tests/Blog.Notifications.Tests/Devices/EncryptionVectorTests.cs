using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Blog.Notifications.Devices;
using Blog.Notifications.Mail;
using Blog.Testing;
using Microsoft.Extensions.Configuration;

namespace Blog.Notifications.Tests.Devices;

/// <summary>The examples that the RFCs print.</summary>
public sealed class EncryptionVectorTests
{
    static byte[] B(string text) => Base64Url.DecodeFromChars(text);

    [Fact]
    public void Rfc_8188_section_3_1_one_record() => Base64Url.EncodeToString(Aes128Gcm.Encrypt("I am the walrus"u8, B("yqdlZ-tYemfogSmv7Ws5PQ"), B("I1BsxtFttlv3u_Oo94xnmw"), []))
        .ShouldBe("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg");

    [Fact]
    public void Rfc_8188_section_3_2_two_records_with_padding() =>
        Base64Url.EncodeToString(Aes128Gcm.Encrypt("I am the walrus"u8, B("BO3ZVPxUlnLORbVGMpbT1Q"), B("uNCkWiNYzKTnBN9ji3-qWA"), "a1"u8, recordSize: 25, padding: 1))
            .ShouldBe("uNCkWiNYzKTnBN9ji3-qWAAAABkCYTHOG8chz_gnvgOqdGYovxyjuqRyJFjEDyoF1Fvkj6hQPdPHI51OEUKEpgz3SsLWIqS_uA");

    [Fact]
    public void Rfc_8291_appendix_a()
    {
        var point = B("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        using var sender = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = B("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
            Q = new() { X = point[1..33], Y = point[33..] },
        });

        var message = WebPushMessage.Encrypt("When I grow up, I want to be a watermelon"u8,
            B("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"), B("BTBZMqHH6r4Tts7J_aSIgg"), sender, B("DGv6ra1nlYgDCS1FRnbzlw"));

        Base64Url.EncodeToString(message).ShouldBe(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");
    }

    /// <summary>A signature is new each time; so the RFC's is verified, and ours by the same means.</summary>
    [Fact]
    public void Rfc_8292_section_2_4_and_our_own_tokens_verify()
    {
        Verifies("vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs").ShouldBeTrue();

        var (first, second) = (Ours("one secret"), Ours("one secret"));
        var header = first.AuthorizationFor(new Uri("https://push.example.net:8443/send/abc?x=1"));
        Verifies(header).ShouldBeTrue();
        var claims = Encoding.UTF8.GetString(B(header["vapid t=".Length..].Split('.')[1]));
        claims.ShouldContain("\"aud\":\"https://push.example.net:8443\"");
        claims.ShouldContain("\"sub\":\"http://blog.test\"");
        first.PublicKey.ShouldBe(second.PublicKey, "every instance has the same key");
        Ours("another secret").PublicKey.ShouldNotBe(first.PublicKey);
    }

    static Vapid Ours(string secret)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Blog:Notifications:Key", secret), new("Blog:PublicOrigin", "http://blog.test")]).Build();
        return new(new NotificationsKey(configuration), configuration, new TestClock());
    }

    static bool Verifies(string header)
    {
        var parts = header["vapid ".Length..].Split(", ").Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var point = B(parts["k"]);
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = point[1..33], Y = point[33..] } });
        var token = parts["t"].Split('.');
        return key.VerifyData(Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"), B(token[2]), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
