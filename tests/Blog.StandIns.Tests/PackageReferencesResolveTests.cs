using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Blog.StandIns.Tests;

/// <summary>
/// The proof that stand-ins fit: every type and member that an official assembly takes from a stand-in is there, with the same
/// signature. What is missing would else be found at the first call, perhaps in production.
/// </summary>
public sealed class PackageReferencesResolveTests
{
    [Theory]
    [InlineData("Grpc.AspNetCore.Server", "Grpc.Core.Api", "Grpc.Net.Common")]
    [InlineData("Grpc.Net.Client", "Grpc.Core.Api", "Grpc.Net.Common")]
    [InlineData("StackExchange.Redis", "Pipelines.Sockets.Unofficial")]
    [InlineData("Yarp.ReverseProxy", "System.IO.Hashing")]
    public void Every_reference_of_an_official_assembly_into_a_stand_in_resolves(string official, params string[] standIns)
    {
        var references = References.Of(official);

        references.Assemblies.ShouldBe(standIns, ignoreOrder: true, "the assembly must refer to the stand-ins at all, or this proves nothing");
        references.Resolved.ShouldBeGreaterThan(0);
        references.Missing.ShouldBeEmpty();
    }

    [Fact]
    public void StackExchange_Redis_misses_only_the_hash_that_digest_conditions_use()
    {
        var references = References.Of("StackExchange.Redis", "System.IO.Hashing");

        references.Missing.ShouldAllBe(missing => missing.Contains("XxHash3", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_type_of_the_official_grpc_assemblies_loads()
    {
        // Loading checks what references do not say: overrides of abstract members and implementations of interfaces.
        Should.NotThrow(() => Assembly.Load("Grpc.AspNetCore.Server").GetTypes());
        Should.NotThrow(() => Assembly.Load("Grpc.Net.Client").GetTypes());
        Should.NotThrow(() => Assembly.Load("StackExchange.Redis").GetTypes());
    }

    sealed record References(string[] Assemblies, int Resolved, List<string> Missing)
    {
        static readonly string[] StandIns = ["Grpc.Core.Api", "Grpc.Net.Common", "Pipelines.Sockets.Unofficial"];

        // Open generic signatures are matched whatever the arguments are.
        static readonly Type[] AnyArguments = [.. Enumerable.Repeat(typeof(object), 8)];

        public static References Of(string official, params string[] only)
        {
            string[] wanted = only.Length > 0 ? only : official == "Yarp.ReverseProxy" ? ["System.IO.Hashing"] : StandIns;
            var assembly = Assembly.Load(official);
            using var file = new PEReader(File.OpenRead(assembly.Location));
            var metadata = file.GetMetadataReader();
            var (assemblies, missing, resolved) = (new HashSet<string>(), new List<string>(), 0);

            foreach (var handle in metadata.TypeReferences)
                if (Origin(metadata, handle) is { } origin && wanted.Contains(origin))
                {
                    assemblies.Add(origin);
                    Resolve(handle, Name(metadata, handle), () => assembly.ManifestModule.ResolveType(MetadataTokens.GetToken(handle), AnyArguments, AnyArguments));
                }

            foreach (var handle in metadata.MemberReferences)
            {
                var member = metadata.GetMemberReference(handle);
                if (Parent(metadata, member.Parent) is { } parent && Origin(metadata, parent) is { } origin && wanted.Contains(origin))
                    Resolve(handle, $"{Name(metadata, parent)}.{metadata.GetString(member.Name)}",
                        () => assembly.ManifestModule.ResolveMember(MetadataTokens.GetToken(handle), AnyArguments, AnyArguments));
            }
            return new References([.. assemblies], resolved, missing);

            void Resolve(EntityHandle handle, string name, Action resolve)
            {
                try
                {
                    resolve();
                    resolved++;
                }
                catch (TypeLoadException problem) when (problem.Message.Contains("violates the constraint", StringComparison.Ordinal))
                {
                    resolved++; // the arguments are ours
                }
                catch (Exception problem) when (problem is TypeLoadException or MissingMemberException or FileNotFoundException or BadImageFormatException)
                {
                    missing.Add($"{name} ({MetadataTokens.GetToken(handle):x8}): {problem.Message}");
                }
            }
        }

        static string Name(MetadataReader metadata, TypeReferenceHandle handle) => metadata.GetString(metadata.GetTypeReference(handle).Name);

        /// <summary>The assembly that a type reference points to, also through the types it is nested in.</summary>
        static string? Origin(MetadataReader metadata, TypeReferenceHandle handle)
        {
            var scope = metadata.GetTypeReference(handle).ResolutionScope;
            return scope.Kind switch
            {
                HandleKind.AssemblyReference => metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name),
                HandleKind.TypeReference => Origin(metadata, (TypeReferenceHandle)scope),
                _ => null,
            };
        }

        static TypeReferenceHandle? Parent(MetadataReader metadata, EntityHandle parent)
        {
            if (parent.Kind == HandleKind.TypeReference) return (TypeReferenceHandle)parent;
            if (parent.Kind != HandleKind.TypeSpecification) return null;
            // GENERICINST (CLASS | VALUETYPE) type ... (ECMA-335, II.23.2.14)
            var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
            if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return null;
            signature.ReadByte();
            var type = signature.ReadTypeHandle();
            return type.Kind == HandleKind.TypeReference ? (TypeReferenceHandle)type : null;
        }
    }
}
